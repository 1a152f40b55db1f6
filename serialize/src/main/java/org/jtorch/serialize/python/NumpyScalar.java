package org.jtorch.serialize.python;

/**
 * A numpy scalar. numpy's float64 and complex128 are Python's float and complex, and are read as {@link Double} and
 * {@link Complex}; the others as this.
 *
 * @param dtype numpy's name, {@code int64}
 * @param value {@link Long}, {@link Double}, {@link Boolean}, {@link Complex}, or {@link java.math.BigInteger} of an uint64
 *     beyond 63 bits
 */
public record NumpyScalar(String dtype, Object value) implements PythonValue {}
