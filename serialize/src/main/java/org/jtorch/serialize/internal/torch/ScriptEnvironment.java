package org.jtorch.serialize.internal.torch;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.Layout;
import org.jtorch.serialize.internal.pickle.Arguments;
import org.jtorch.serialize.internal.pickle.Environment;
import org.jtorch.serialize.internal.pickle.Global;
import org.jtorch.serialize.internal.pickle.NotUnderstoodException;
import org.jtorch.serialize.python.Tuple;

/** The additional names in TorchScript's pickles: lists of one type, and classes of TorchScript, which are records. */
public final class ScriptEnvironment implements Environment {

    private static final String PICKLE = "torch.jit._pickle";

    private final TorchEnvironment names;

    ScriptEnvironment(TorchEnvironment names) {
        this.names = names;
    }

    @Override
    public @Nullable Object global(String module, String name) {
        if (module.equals(PICKLE)) {
            switch (name) {
                case "build_intlist", "build_doublelist", "build_boollist", "build_tensorlist":
                    return new Global(name, a -> a.expect(1, 1).get(0, List.class));
                case "restore_type_tag":
                    return new Global(name, a -> a.expect(2, 2).get(0));
                default:
                    return null;
            }
        }
        Object known = names.global(module, name);
        return name.equals("_rebuild_sparse_tensor") && known instanceof Global python
                ? new Global(python.name(), a -> python.builder().apply(sparse(a)))
                : known;
    }

    /**
     * Returns the arguments in Python's form. Here they are the layout's number, the size, requires_grad, the indices and
     * the values.
     */
    private static Arguments sparse(Arguments arguments) {
        if (arguments.count() < 5 || !Long.valueOf(1).equals(arguments.get(0))) {
            throw new NotUnderstoodException("a sparse tensor that is not COO");
        }
        Tuple parts = Tuple.of(arguments.get(3), arguments.get(4), arguments.get(1));
        return new Arguments(arguments.callee(), List.of(Layout.SPARSE_COO, parts));
    }

    @Override
    public Object persistent(@Nullable Object id) {
        return names.persistent(id);
    }

    @Override
    public boolean build(Object object, @Nullable Object state) {
        return names.build(object, state);
    }

    @Override
    public void called(String name) {}
}
