package org.jtorch.serialize.internal.pickle;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.jtorch.serialize.python.PythonGlobal;

/**
 * A class or function that a pickle names and that is known: not the thing itself, but how to build the data that it would
 * have made.
 *
 * @param name module and name in Python 3, as {@code torch._utils._rebuild_tensor_v2}
 * @param builder makes the data out of the arguments. It throws {@link NotUnderstoodException} if they may well make something, but
 *     nothing that is known here; another exception means that the file is damaged
 */
public record Global(String name, Function<Arguments, @Nullable Object> builder) implements Internal {

    @Override
    public String description() {
        return "the class or function " + name;
    }

    @Override
    public Object record() {
        return new PythonGlobal(name);
    }
}
