package org.jtorch.optim.training;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jtorch.Generator;
import org.jtorch.nn.Module;
import org.jtorch.nn.state.StateDictException;
import org.jtorch.nn.state.Stateful;
import org.jtorch.serialize.Checkpoint;
import org.jtorch.serialize.CheckpointManager;
import org.jtorch.serialize.format.CheckpointException;

/**
 * Everything that a training run needs to continue, saved by one call and restored by one: models, optimizers, schedulers,
 * scalers, averaged models, loaders, and random numbers.
 *
 * <pre>{@code
 * var run = new TrainingState()
 *         .add("model", model)
 *         .add("optimizer", optimizer)
 *         .add("scheduler", scheduler)
 *         .add("loader", loader);
 * try (var checkpoints = new CheckpointManager(folder)) {
 *     long step = run.resume(checkpoints).orElse(0);
 *     ...
 *     run.save(checkpoints, step);
 * }
 * }</pre>
 *
 * <p>The file is a map of the state dicts by the names that were given, so that Python reads it with {@code torch.load}. The state
 * of the default generator is saved as {@code random}.
 */
public final class TrainingState {

    private static final String RANDOM = "random";

    private final Map<String, Part> parts = new LinkedHashMap<>();

    /** Creates a state that holds the default generator of random numbers. */
    public TrainingState() {
        add(RANDOM, Generator.defaultGenerator());
    }

    /** A part of the run. Loading has two phases, so that nothing is changed if one part does not fit. */
    private interface Part {

        /** Returns what is saved. */
        Object save();

        /**
         * Checks a saved value, or loads it if that leaves the part as it was in case of failure.
         *
         * @return undoes what was done
         */
        Runnable prepare(String name, Checkpoint run);

        /** Loads what {@link #prepare} checked. */
        void finish(String name, Checkpoint run);
    }

    private record ModulePart(Module<?, ?> module) implements Part {

        @Override
        public Object save() {
            return module.stateDict();
        }

        @Override
        public Runnable prepare(String name, Checkpoint run) {
            module.checkStateDict(run.stateDict(name));
            return () -> {};
        }

        @Override
        public void finish(String name, Checkpoint run) {
            module.loadStateDict(run.stateDict(name));
        }
    }

    private record StatefulPart(Stateful stateful) implements Part {

        @Override
        public Object save() {
            return stateful.stateDict();
        }

        @Override
        public Runnable prepare(String name, Checkpoint run) {
            Map<String, ?> before = stateful.stateDict();
            stateful.loadStateDict(run.getMap(name));
            return () -> stateful.loadStateDict(before);
        }

        @Override
        public void finish(String name, Checkpoint run) {}
    }

    private record GeneratorPart(Generator generator) implements Part {

        @Override
        public Object save() {
            return generator.getState();
        }

        @Override
        public Runnable prepare(String name, Checkpoint run) {
            var before = generator.getState();
            generator.setState(run.getTensor(name));
            return () -> generator.setState(before);
        }

        /** Sets the state again, since parts that were loaded after it may have drawn random numbers. */
        @Override
        public void finish(String name, Checkpoint run) {
            generator.setState(run.getTensor(name));
        }
    }

    /**
     * Adds a model, or an averaged one.
     *
     * @param name the key in the file
     * @throws IllegalArgumentException if the name is taken
     */
    public TrainingState add(String name, Module<?, ?> module) {
        return put(name, new ModulePart(module));
    }

    /**
     * Adds an optimizer, a scheduler, a scaler, a loader, or anything else that has a state.
     *
     * @param name the key in the file
     * @throws IllegalArgumentException if the name is taken
     */
    public TrainingState add(String name, Stateful part) {
        return put(name, new StatefulPart(part));
    }

    /**
     * Adds a generator of random numbers. The default one is there already.
     *
     * @param name the key in the file
     * @throws IllegalArgumentException if the name is taken
     */
    public TrainingState add(String name, Generator generator) {
        return put(name, new GeneratorPart(generator));
    }

    private TrainingState put(String name, Part part) {
        if (parts.putIfAbsent(name, part) != null) {
            throw new IllegalArgumentException("the name '" + name + "' is taken: give each part a name of its own");
        }
        return this;
    }

    // --- saving ------------------------------------------------------------------------------------------------

    /** Returns the state of all parts by their names. The tensors are those of the parts, not copies. */
    public Map<String, Object> stateDict() {
        Map<String, Object> state = new LinkedHashMap<>();
        parts.forEach((name, part) -> state.put(name, part.save()));
        return state;
    }

    /**
     * Saves the run in a file, whole or not at all.
     *
     * @throws CheckpointException if the file cannot be written
     */
    public void save(Path file) {
        Checkpoint.save(file, stateDict());
    }

    /**
     * Saves the run as a numbered checkpoint.
     *
     * @throws CheckpointException if the previous checkpoint could not be written
     */
    public void save(CheckpointManager checkpoints, long step) {
        checkpoints.save(step, stateDict());
    }

    /**
     * Saves the run as a numbered checkpoint with a metric, by which the best one is chosen.
     *
     * @throws CheckpointException if the previous checkpoint could not be written
     */
    public void save(CheckpointManager checkpoints, long step, double metric) {
        checkpoints.save(step, stateDict(), metric);
    }

    // --- loading -----------------------------------------------------------------------------------------------

    /**
     * Restores the run from a file. If a part is missing or does not fit, nothing is changed.
     *
     * @throws CheckpointException if the file cannot be read, or a part is not in it
     * @throws StateDictException if a model does not fit
     * @throws IllegalArgumentException if another part does not fit
     */
    public void load(Path file) {
        load(Checkpoint.load(file));
    }

    /**
     * Restores the run from a checkpoint. If a part is missing or does not fit, nothing is changed.
     *
     * @throws CheckpointException if a part is not in it
     * @throws StateDictException if a model does not fit
     * @throws IllegalArgumentException if another part does not fit
     */
    public void load(Checkpoint run) {
        List<Runnable> undo = new ArrayList<>();
        try {
            parts.forEach((name, part) -> undo.add(part.prepare(name, run)));
        } catch (RuntimeException | Error e) {
            for (int i = undo.size() - 1; i >= 0; i--) {
                undo.get(i).run();
            }
            throw e;
        }
        parts.forEach((name, part) -> part.finish(name, run));
    }

    /**
     * Restores the run from the newest checkpoint that is whole.
     *
     * @return the number of the checkpoint; empty if there is none, and then nothing is changed
     * @throws CheckpointException if all checkpoints are damaged, or a part is missing
     * @throws StateDictException if a model does not fit
     * @throws IllegalArgumentException if another part does not fit
     */
    public OptionalLong resume(CheckpointManager checkpoints) {
        var newest = checkpoints.resume();
        newest.ifPresent(saved -> load(saved.checkpoint()));
        return newest.isPresent() ? OptionalLong.of(newest.get().step()) : OptionalLong.empty();
    }
}
