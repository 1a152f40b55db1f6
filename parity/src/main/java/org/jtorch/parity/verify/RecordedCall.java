package org.jtorch.parity.verify;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.nn.Module;

/**
 * A call of a module in the form of a Python call.
 *
 * @param module the module
 * @param args the arguments by position
 * @param kwargs the arguments by name
 * @param seed the seed of the generator before the call
 */
public record RecordedCall(
        Module<?, ?> module, List<@Nullable Object> args, Map<String, @Nullable Object> kwargs, long seed) {

    /**
     * Calls the module. The state of the generator is not restored afterwards.
     *
     * @return the output of the module
     * @throws ReflectiveOperationException if the module has no {@code call} for such arguments, or if it throws
     */
    public @Nullable Object call() throws ReflectiveOperationException {
        return ModuleCall.call(module, args, kwargs);
    }
}
