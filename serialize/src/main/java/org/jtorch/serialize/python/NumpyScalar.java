package org.jtorch.serialize.python;

/**
 * A numpy scalar. Scalars of float64 and complex128 are read as {@link Double} and {@link Complex}, since they are also
 * Python's float and complex; all others are read as instances of this class.
 *
 * @param dtype numpy's name of the type, such as {@code int64}
 * @param value a {@link Long}, {@link Double}, {@link Boolean} or {@link Complex}, or a {@link java.math.BigInteger} for a
 *     uint64 that does not fit in 63 bits
 */
public record NumpyScalar(String dtype, Object value) implements PythonValue {}
