package org.jtorch.tools;

import java.util.List;
import org.jtorch.Tensor;
import org.jtorch.nn.Module;
import org.jtorch.nn.Named;
import org.jtorch.nn.Parameter;

/** What a module holds itself, without the modules below it: a key of its own has no dots. */
final class Own {

    private Own() {}

    static List<Named<Parameter>> parameters(Module<?, ?> module) {
        return module.namedParameters().stream()
                .filter(named -> named.name().indexOf('.') < 0)
                .toList();
    }

    static List<Named<Tensor>> buffers(Module<?, ?> module) {
        return module.namedBuffers().stream()
                .filter(named -> named.name().indexOf('.') < 0)
                .toList();
    }
}
