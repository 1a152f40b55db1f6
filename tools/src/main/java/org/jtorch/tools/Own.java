package org.jtorch.tools;

import java.util.List;
import org.jtorch.Tensor;
import org.jtorch.nn.Buffer;
import org.jtorch.nn.Module;
import org.jtorch.nn.Named;
import org.jtorch.nn.Parameter;

/** What a module holds itself, not counting the modules below it. */
final class Own {

    private Own() {}

    static List<Named<Parameter>> parameters(Module<?, ?> module) {
        return module.namedParameters("", false, true);
    }

    static List<Named<Buffer>> buffers(Module<?, ?> module) {
        return module.namedBuffers("", false, true);
    }

    /** Returns the size in bytes of the tensors that have a shape. */
    static long bytes(List<? extends Named<? extends Tensor>> tensors) {
        return tensors.stream()
                .map(Named::value)
                .filter(t -> !t.isUninitialized())
                .mapToLong(Tensor::nbytes)
                .sum();
    }
}
