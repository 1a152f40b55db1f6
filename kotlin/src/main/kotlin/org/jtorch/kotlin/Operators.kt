package org.jtorch.kotlin

import org.jtorch.Tensor
import org.jtorch.nn.Module

/** `a + b`. */
public operator fun Tensor.plus(other: Tensor): Tensor = add(other)

/** `a + 1`. */
public operator fun Tensor.plus(other: Number): Tensor = add(other)

/** `1 + a`. */
public operator fun Number.plus(other: Tensor): Tensor = other.add(this)

/** `a - b`. */
public operator fun Tensor.minus(other: Tensor): Tensor = sub(other)

/** `a - 1`. */
public operator fun Tensor.minus(other: Number): Tensor = sub(other)

/** `1 - a`. */
public operator fun Number.minus(other: Tensor): Tensor = other.rsub(this)

/** `a * b`, element by element; `a.matmul(b)` is Python's `a @ b`. */
public operator fun Tensor.times(other: Tensor): Tensor = mul(other)

/** `a * 2`. */
public operator fun Tensor.times(other: Number): Tensor = mul(other)

/** `2 * a`. */
public operator fun Number.times(other: Tensor): Tensor = other.mul(this)

/** `2 / a`. `a / b` and `a / 2` are Java's method `div`. */
public operator fun Number.div(other: Tensor): Tensor = other.reciprocal().mul(this)

/** `a % b`, with the sign of `b`, as in Python. */
public operator fun Tensor.rem(other: Tensor): Tensor = remainder(other)

/** `a % 2`, with the sign of the number, as in Python. */
public operator fun Tensor.rem(other: Number): Tensor = remainder(other)

/** `-a`. */
public operator fun Tensor.unaryMinus(): Tensor = neg()

/** `model(x)`: calls the module, hooks included. */
public operator fun <I, O> Module<I, O>.invoke(input: I): O = call(input)
