package org.jtorch.serialize.python;

/**
 * Python's complex number.
 *
 * @param real its real part
 * @param imag its imaginary part
 */
public record Complex(double real, double imag) implements PythonValue {}
