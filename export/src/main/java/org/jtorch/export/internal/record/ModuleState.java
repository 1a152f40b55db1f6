package org.jtorch.export.internal.record;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jtorch.Tensor;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.export.graph.ExportException;
import org.jtorch.nn.Buffer;
import org.jtorch.nn.Module;
import org.jtorch.nn.Named;
import org.jtorch.nn.Parameter;

/** The parameters and buffers of a module that is recorded, and what the buffers held before. */
final class ModuleState {

    /**
     * A parameter or a buffer.
     *
     * @param name its key in the state dict
     */
    record Entry(String name, Tensor tensor, boolean parameter, boolean persistent) {}

    /** What a buffer held: its memory, and a copy of its values. */
    private record Held(Buffer buffer, Tensor memory, Tensor values) {}

    private final List<Entry> entries = new ArrayList<>();
    private final List<Held> held = new ArrayList<>();

    /**
     * Reads the state of a module.
     *
     * @throws ExportException if a part of it has no values yet
     */
    ModuleState(Module<?, ?> module) {
        for (Named<Parameter> parameter : module.namedParameters("", true, false)) {
            add(new Entry(parameter.name(), parameter.value(), true, true));
        }
        // whether a buffer is in the state dict
        for (Named<Buffer> buffer : module.namedBuffers("", true, false)) {
            add(new Entry(buffer.name(), buffer.value(), false, buffer.value().isPersistent()));
        }
        try (GradMode mode = Autograd.noGrad()) {
            for (Entry entry : entries) {
                if (entry.tensor() instanceof Buffer buffer) {
                    Tensor memory = buffer.detach().unscoped();
                    held.add(new Held(buffer, memory, memory.clone().unscoped()));
                }
            }
        }
    }

    private void add(Entry entry) {
        if (entry.tensor().isUninitialized()) {
            throw new ExportException(
                    "'" + entry.name() + "' has no shape yet: call the module once before it is recorded");
        }
        entries.add(entry);
    }

    /** Returns the parameters, and then the buffers. */
    List<Entry> entries() {
        return entries;
    }

    /** Returns the tensors that are in the state dict, or those that are not. */
    Map<String, Tensor> tensors(boolean persistent) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (Entry entry : entries) {
            if (entry.persistent() == persistent) {
                tensors.put(entry.name(), entry.tensor());
            }
        }
        return tensors;
    }

    /** Returns copies of what the buffers hold now. */
    List<Tensor> buffers() {
        try (GradMode mode = Autograd.noGrad()) {
            return held.stream().map(each -> each.buffer.detach().clone()).toList();
        }
    }

    /** Returns the names of the buffers. */
    List<String> bufferNames() {
        return entries.stream()
                .filter(entry -> entry.tensor() instanceof Buffer)
                .map(Entry::name)
                .toList();
    }

    /** Gives the buffers the memory and the values that they had. */
    void restore() {
        try (GradMode mode = Autograd.noGrad()) {
            for (Held each : held) {
                if (each.buffer.storageId() != each.memory.storageId()) {
                    each.buffer.set(each.memory);
                }
                // some kernels change a buffer without counting it as a change
                if (!each.memory.equal(each.values)) {
                    each.memory.copy_(each.values);
                }
            }
        }
    }
}
