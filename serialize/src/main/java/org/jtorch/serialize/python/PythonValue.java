package org.jtorch.serialize.python;

/** A value of a Python type that Java does not have. */
public sealed interface PythonValue
        permits Tuple, Complex, FrozenSet, NumpyArray, NumpyScalar, PythonGlobal, PythonObject {}
