package org.jtorch.serialize.python;

/**
 * A complex number of Python.
 *
 * @param real the real part
 * @param imag the imaginary part
 */
public record Complex(double real, double imag) implements PythonValue {}
