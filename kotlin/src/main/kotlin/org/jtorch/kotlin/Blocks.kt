package org.jtorch.kotlin

import org.jtorch.Tensor
import org.jtorch.TensorScope
import org.jtorch.autograd.Autograd

/**
 * Runs [block] in a [TensorScope], which frees the tensors that were created in it. If [block] returns a tensor, it is kept; others
 * are kept by `keep`.
 */
public inline fun <T> scope(block: TensorScope.() -> T): T = TensorScope().use { scope ->
    val result = scope.block()
    if (result is Tensor) {
        scope.keep(result)
    }
    result
}

/** Runs [block] without recording gradients. */
public inline fun <T> noGrad(block: () -> T): T = Autograd.noGrad().use { block() }

/** Runs [block] in inference mode. */
public inline fun <T> inferenceMode(block: () -> T): T = Autograd.inferenceMode().use { block() }
