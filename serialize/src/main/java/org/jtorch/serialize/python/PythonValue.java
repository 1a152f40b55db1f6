package org.jtorch.serialize.python;

/** A value of Python's that Java has no type for. */
public sealed interface PythonValue
        permits Tuple, Complex, FrozenSet, NumpyArray, NumpyScalar, PythonGlobal, PythonObject {}
