package org.jtorch.serialize;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.serialize.pickle.Environment;
import org.jtorch.serialize.pickle.Global;

/** What TorchScript's pickles name beyond PyTorch's: lists of one type, and its own classes, which are records. */
final class ScriptEnvironment implements Environment {

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
        return names.global(module, name);
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
