package org.jtorch.export.internal.script;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.jtorch.StandIn;
import org.jtorch.Tensor;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.internal.ScriptHandle;
import org.jtorch.nn.Buffer;
import org.jtorch.nn.Module;
import org.jtorch.nn.Parameter;

/**
 * Joins Java modules to the modules of a script: before the script runs, it is given the tensors and the modes that the Java
 * modules have, which may have been moved, replaced, or substituted for this thread; and after it ran, the Java modules are
 * given the tensors that it assigned.
 */
public final class ScriptLink {

    /** A parameter or buffer of a module. */
    private static final class Slot {
        final Module<?, ?> owner;
        final ScriptHandle handle;
        final String name;
        final boolean parameter;
        final ScriptHandle.Hold hold;

        Slot(Module<?, ?> owner, ScriptHandle handle, ScriptHandle.Member member) {
            this.owner = owner;
            this.handle = handle;
            this.name = member.name();
            this.parameter = member.kind() == ScriptHandle.Kind.PARAMETER;
            this.hold = handle.hold(name);
        }

        /** Returns the tensor of the Java module; null if it has none. */
        @Nullable
        Tensor tensor() {
            return hold.isEmpty() ? null : parameter ? owner.getParameter(name) : owner.getBuffer(name);
        }

        void follow() {
            long now = handle.tensorIdentity(name);
            Tensor tensor = tensor();
            if (now == 0 || tensor != null && StandIn.identity(tensor) == now) {
                return;
            }
            // what is created here stays, and must be usable in training even if the script ran in inference mode
            try (GradMode normal = Autograd.inferenceMode(false);
                    GradMode mode = Autograd.noGrad();
                    Tensor value = Objects.requireNonNull((Tensor) handle.get(name))) {
                if (tensor instanceof Buffer buffer) {
                    buffer.set(value);
                } else if (tensor instanceof Parameter own) {
                    own.setData(value.isInference() ? value.clone() : value);
                } else if (parameter) {
                    owner.registerParameter(name, new Parameter(value));
                } else {
                    owner.registerBuffer(name, value);
                }
                hold.put(parameter ? owner.getParameter(name) : owner.getBuffer(name));
            }
        }
    }

    /** A module that has a mode in the script. */
    private record Part(Module<?, ?> module, ScriptHandle handle) {}

    private final Script script;
    private final List<Slot> slots = new ArrayList<>();
    private final List<Part> parts = new ArrayList<>();

    /** Creates a link without modules. */
    public ScriptLink(Script script) {
        this.script = script;
    }

    /** Adds a module, but not those below it. */
    public void add(Module<?, ?> module, ScriptHandle handle) {
        for (ScriptHandle.Member member : handle.members()) {
            if (member.kind() == ScriptHandle.Kind.PARAMETER || member.kind() == ScriptHandle.Kind.BUFFER) {
                slots.add(new Slot(module, handle, member));
            }
        }
        if (handle.has("training")) {
            parts.add(new Part(module, handle));
        }
    }

    /** Runs code that uses the script. */
    public <T extends @Nullable Object> T run(Supplier<T> code) {
        return script.run(this, code);
    }

    /** Runs code that uses the script and changes its attributes. */
    public <T extends @Nullable Object> T change(Supplier<T> code) {
        return script.change(this, code);
    }

    /** Returns whether the script has the tensors and modes of the Java modules. */
    boolean isCurrent() {
        for (Slot slot : slots) {
            Tensor tensor = slot.tensor();
            if (tensor != null && !slot.hold.has(tensor)) {
                return false;
            }
        }
        for (Part part : parts) {
            if (part.handle.isTraining() != part.module.isTraining()) {
                return false;
            }
        }
        return true;
    }

    /** Gives the script the tensors and modes of the Java modules. */
    void update() {
        for (Slot slot : slots) {
            Tensor tensor = slot.tensor();
            if (tensor != null && !slot.hold.has(tensor)) {
                slot.hold.put(tensor);
            }
        }
        for (Part part : parts) {
            boolean mode = part.module.isTraining();
            if (part.handle.isTraining() != mode) {
                part.handle.setTraining(mode);
            }
        }
    }

    /** Gives the Java modules the tensors that the script assigned. */
    void follow() {
        for (Slot slot : slots) {
            if (script.assigns(slot.name)) {
                slot.follow();
            }
        }
        if (script.assigns("training")) {
            parts.forEach(part -> part.handle.forgetTraining());
        }
    }
}
