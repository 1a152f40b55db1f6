package org.jtorch.tools;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jtorch.Generator;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.nn.Module;
import org.jtorch.nn.TensorTree;

/**
 * The state that a forward and a backward change: buffers, gradients, modes, and the CPU's default generator. It is saved on
 * creation, when gradients are also removed, and restored on close. Tensors without a shape are not restored.
 */
final class ModelState implements AutoCloseable {

    private final TensorScope scope = new TensorScope();
    private final Map<Tensor, Tensor> buffers = new IdentityHashMap<>();
    private final Map<Tensor, @Nullable Tensor> gradients = new IdentityHashMap<>();
    /** Each module comes after all modules that hold it. */
    private final List<Module<?, ?>> modules = new ArrayList<>();

    private final Set<Module<?, ?>> inTraining = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Generator generator = Generator.defaultGenerator();
    private final Tensor randomState = generator.getState();

    ModelState(Module<?, ?> model, @Nullable Object input) {
        try (GradMode mode = Autograd.noGrad()) {
            model.buffers().stream()
                    .filter(buffer -> !buffer.isUninitialized())
                    .forEach(buffer -> buffers.put(buffer, buffer.clone()));
        }
        model.parameters().stream()
                .filter(parameter -> !parameter.isUninitialized())
                .forEach(this::takeGradient);
        TensorTree.forEach(input, tensor -> {
            if (tensor.isLeaf() && tensor.requiresGrad()) {
                takeGradient(tensor);
            }
        });
        Set<Module<?, ?>> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        model.apply(module -> {
            if (seen.add(module)) {
                modules.add(module);
            }
        });
        Collections.reverse(modules);
        modules.stream().filter(Module::isTraining).forEach(inTraining::add);
    }

    private void takeGradient(Tensor tensor) {
        gradients.put(tensor, tensor.grad());
        tensor.setGrad(null);
    }

    @Override
    public void close() {
        try (scope;
                GradMode mode = Autograd.noGrad()) {
            buffers.forEach(Tensor::copy_);
            gradients.forEach(Tensor::setGrad);
            generator.setState(randomState);
        }
        // The method train affects the modules below too, so a module comes after all modules that hold it.
        modules.forEach(module -> module.train(inTraining.contains(module)));
    }
}
