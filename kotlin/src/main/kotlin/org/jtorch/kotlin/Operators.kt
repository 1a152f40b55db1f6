package org.jtorch.kotlin

import org.jtorch.Tensor
import org.jtorch.nn.Module

/** Returns `a + b`. */
public operator fun Tensor.plus(other: Tensor): Tensor = add(other)

/** Returns `a + 1`. */
public operator fun Tensor.plus(other: Number): Tensor = add(other)

/** Returns `1 + a`. */
public operator fun Number.plus(other: Tensor): Tensor = other.add(this)

/** Returns `a - b`. */
public operator fun Tensor.minus(other: Tensor): Tensor = sub(other)

/** Returns `a - 1`. */
public operator fun Tensor.minus(other: Number): Tensor = sub(other)

/** Returns `1 - a`. */
public operator fun Number.minus(other: Tensor): Tensor = other.rsub(this)

/** Returns `a * b`, element by element. Python's `a @ b` is `a.matmul(b)`. */
public operator fun Tensor.times(other: Tensor): Tensor = mul(other)

/** Returns `a * 2`. */
public operator fun Tensor.times(other: Number): Tensor = mul(other)

/** Returns `2 * a`. */
public operator fun Number.times(other: Tensor): Tensor = other.mul(this)

/** Returns `2 / a`. The operators `a / b` and `a / 2` use Java's method `div`. */
public operator fun Number.div(other: Tensor): Tensor = other.reciprocal().mul(this)

/** Returns `a % b`, with the sign of `b`, as in Python. */
public operator fun Tensor.rem(other: Tensor): Tensor = remainder(other)

/** Returns `a % 2`, with the sign of the number, as in Python. */
public operator fun Tensor.rem(other: Number): Tensor = remainder(other)

/** Returns `-a`. */
public operator fun Tensor.unaryMinus(): Tensor = neg()

/** Calls the module with its hooks: `model(x)`. */
public operator fun <I, O> Module<I, O>.invoke(input: I): O = call(input)
