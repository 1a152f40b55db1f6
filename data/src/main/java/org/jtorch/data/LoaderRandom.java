package org.jtorch.data;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.Generator;

/** The state of what determines the order of a loader: its generator and its sampler. */
record LoaderRandom(@Nullable Generator generator, @Nullable Sampler<?> sampler) {

    Map<String, Object> state() {
        Map<String, Object> state = new LinkedHashMap<>(Draws.state(generator));
        if (sampler != null) {
            state.put("sampler", sampler.stateDict());
        }
        return state;
    }

    /** Refuses a state of a generator that {@link #load} could not restore. */
    void check(Map<String, Object> state) {
        Draws.restore(new Generator(), state);
    }

    void load(Map<String, Object> state) {
        if (sampler != null && state.get("sampler") instanceof Map<?, ?> saved) {
            sampler.loadStateDict(saved);
        }
        Draws.restore(generator, state);
    }
}
