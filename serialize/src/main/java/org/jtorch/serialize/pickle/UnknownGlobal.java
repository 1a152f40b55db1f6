package org.jtorch.serialize.pickle;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jtorch.serialize.CheckpointException;
import org.jtorch.serialize.PythonObject;
import org.jtorch.serialize.Tuple;
import org.jtorch.serialize.UnknownClassException;

/**
 * A class or function that is not known and not allowed. Objects of it are records at first: where they turn out to be
 * modules, which need no class to be read, they stay; else the pickle is refused in the end.
 */
public final class UnknownGlobal implements Internal {

    private final String name;
    private final List<PythonObject> made = new ArrayList<>();

    UnknownGlobal(String name) {
        this.name = name;
    }

    /** An object of it, made without arguments. */
    public PythonObject make() {
        PythonObject object = new PythonObject(name, Tuple.EMPTY, Map.of());
        made.add(object);
        return object;
    }

    /** Refuses it, unless all that was made of it are modules. */
    void check() {
        if (made.isEmpty() || !made.stream().allMatch(PythonObject::isModule)) {
            throw refusal();
        }
    }

    CheckpointException refusal() {
        return new UnknownClassException(name);
    }

    @Override
    public String description() {
        return "the class or function " + name;
    }
}
