package org.jtorch;

/**
 * The result of an operation that finds values and their indices.
 *
 * @param values the values
 * @param indices the indices of the values in the input, int64
 */
public record ValuesIndices(Tensor values, Tensor indices) {}
