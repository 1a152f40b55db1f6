package org.jtorch;

/**
 * What an op gives that finds values and says where they were.
 *
 * @param values the values found
 * @param indices where they stand in the input, int64
 */
public record ValuesIndices(Tensor values, Tensor indices) {}
