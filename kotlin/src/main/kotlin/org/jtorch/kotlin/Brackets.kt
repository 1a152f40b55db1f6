package org.jtorch.kotlin

import org.jtorch.Tensor
import org.jtorch.TensorIndex

/** All positions of a dimension, Python's `:`: `x[all, 0]`. */
public val all: TensorIndex = TensorIndex.slice()

/** All remaining dimensions, Python's `...`: `x[rest, 0]`. */
public val rest: TensorIndex = TensorIndex.ellipsis()

/**
 * Returns a part of the tensor, as Python's brackets do: `x[0]`, `x[all, 1..2]`, `x[rest, -1]`, `x[mask]`, `x[null]`.
 *
 * An index is an [Int] or a [Long], of which negative ones count from the end; a range of positions, which includes its last one
 * unless it is written with `..<`; a [Tensor] of integers or of bool; null for a new dimension; or a [TensorIndex], such as
 * `TensorIndex.slice(1, -1)`.
 *
 * @throws IllegalArgumentException if an index is something else, or a range has negative positions
 */
public operator fun Tensor.get(vararg indices: Any?): Tensor = index(*indices.map(::indexOf).toTypedArray())

/** Sets a part of the tensor to a number: `x[all, 0] = 5`. The indices are those of [get]. */
public operator fun Tensor.set(vararg indices: Any?, value: Number) {
    indexPut_(value, *indices.map(::indexOf).toTypedArray())
}

/** Sets a part of the tensor to another tensor: `x[mask] = y`. The indices are those of [get]. */
public operator fun Tensor.set(vararg indices: Any?, value: Tensor) {
    indexPut_(value, *indices.map(::indexOf).toTypedArray())
}

private fun indexOf(index: Any?): TensorIndex = when (index) {
    null -> TensorIndex.none()
    is TensorIndex -> index
    is Int -> TensorIndex.at(index.toLong())
    is Long -> TensorIndex.at(index)
    is IntProgression -> slice(index.first.toLong(), index.last.toLong(), index.step.toLong())
    is LongProgression -> slice(index.first, index.last, index.step)
    is Tensor -> TensorIndex.tensor(index)
    is Boolean -> TensorIndex.bool(index)
    else -> throw IllegalArgumentException(
        "$index, a ${index.javaClass.simpleName}, is not an index: give an Int, a range, a Tensor, null, or a TensorIndex",
    )
}

private fun slice(first: Long, last: Long, step: Long): TensorIndex {
    require(first >= 0 && last >= -1) {
        "the range $first..$last has negative positions, which would be an empty range in Kotlin:" +
            " write TensorIndex.slice($first, ${if (last == -1L) "null" else last + 1}) to count from the end"
    }
    require(step > 0) { "the range $first downTo $last goes down: take it upwards, and flip(dim)" }
    return TensorIndex.slice(first, last + 1, step)
}
