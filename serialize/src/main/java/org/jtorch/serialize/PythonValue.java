package org.jtorch.serialize;

/** A value of Python's that Java has no type for. */
public sealed interface PythonValue
        permits Tuple, Complex, FrozenSet, NumpyArray, NumpyScalar, PythonGlobal, PythonObject {}
