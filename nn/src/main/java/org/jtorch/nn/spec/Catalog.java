package org.jtorch.nn.spec;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jtorch.nn.Module;

/** The modules that a {@link ModuleSpec} can name. Each family of layers registers its own. */
final class Catalog {

    /** The families. */
    private static final List<Consumer<Catalog>> FAMILIES = List.of(
            ActivationSpecs::enter,
            AdaptiveSpecs::enter,
            ContainerSpecs::enter,
            ConvSpecs::enter,
            DropoutSpecs::enter,
            LinearSpecs::enter,
            LossSpecs::enter,
            NormSpecs::enter,
            PaddingSpecs::enter,
            PoolingSpecs::enter,
            RecurrentSpecs::enter,
            ShapeSpecs::enter,
            SparseSpecs::enter,
            TransformerSpecs::enter);

    /** The signature and the builder for a name. */
    record Entry(Signature signature, ModuleSpec.Builder builder) {}

    private static final class Holder {
        static final Catalog INSTANCE = new Catalog();
    }

    private final Map<String, Entry> entries = new ConcurrentHashMap<>();

    private Catalog() {
        FAMILIES.forEach(family -> family.accept(this));
    }

    static Catalog instance() {
        return Holder.INSTANCE;
    }

    void add(String signature, ModuleSpec.Builder builder) {
        Signature parsed = Signature.parse(signature);
        entries.put(parsed.name(), new Entry(parsed, builder));
    }

    Set<String> names() {
        return Collections.unmodifiableSet(new TreeSet<>(entries.keySet()));
    }

    Entry entry(String module) {
        Entry entry = entries.get(module);
        if (entry == null) {
            throw new IllegalArgumentException("no module is called '" + module
                    + "': give PyTorch's name of a class in torch.nn, or register your own with ModuleSpec.register");
        }
        return entry;
    }

    Module<?, ?> build(ModuleSpec spec) {
        Entry entry = entry(spec.module());
        return entry.builder().build(entry.signature().bind(spec.args(), spec.kwargs()));
    }
}
