package org.jtorch.optim.options;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.DoublePredicate;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.jtorch.internal.text.Nearest;
import org.jtorch.nn.ChainedOptions;

/**
 * The options of an optimizer's parameter group, by the names that they have in PyTorch's {@code param_groups}. A subclass
 * declares its options with their defaults in its constructor, and gives them setters:
 *
 * <pre>{@code
 * public static final class Options extends OptimizerOptions<Options> implements WeightDecay<Options> {
 *     public Options() {
 *         super(1e-4);
 *         declareNumber("momentum", 0.9, "Invalid momentum value", m -> m >= 0);
 *         declareWeightDecay(0);
 *     }
 *
 *     public Options momentum(double momentum) {
 *         return set("momentum", momentum);
 *     }
 * }
 * }</pre>
 *
 * <p>An option that is set from a file or by name is checked as one that is set by its setter. All options are saved and loaded
 * with the optimizer's state, in the order of their declaration.
 *
 * @param <S> the options class itself
 */
public abstract class OptimizerOptions<S extends OptimizerOptions<S>> extends ChainedOptions<S>
        implements OptionAccess<S> {

    private final Map<String, OptionType> types = new LinkedHashMap<>();
    private final Map<String, @Nullable Object> values = new LinkedHashMap<>();

    /** The options that every saved state has. */
    private final Set<String> required = new LinkedHashSet<>();

    /**
     * Declares the learning rate, which every optimizer has.
     *
     * @param lr the default, at least 0
     */
    protected OptimizerOptions(double lr) {
        this(lr, "Invalid learning rate", rate -> rate >= 0);
    }

    /**
     * Declares the learning rate with a check of its own.
     *
     * @param lr the default
     * @param problem what a message says before a value that is not allowed
     * @param valid returns whether a value is allowed
     */
    protected OptimizerOptions(double lr, String problem, DoublePredicate valid) {
        declareNumber("lr", lr, problem, valid);
    }

    // --- declaring ---------------------------------------------------------------------------------------------

    /** Declares a number. */
    protected final void declareNumber(String name, double initial) {
        declareNumber(name, initial, name, value -> true);
    }

    /**
     * Declares a number.
     *
     * @param name the name in PyTorch
     * @param initial the default
     * @param problem what a message says before a value that is not allowed, such as {@code "Invalid momentum value"}
     * @param valid returns whether a value is allowed
     */
    protected final void declareNumber(String name, double initial, String problem, DoublePredicate valid) {
        declare(name, OptionType.number(problem, valid), initial);
        required.add(name);
    }

    /** Declares {@code weight_decay}, which is at least 0. */
    protected final void declareWeightDecay(double initial) {
        declareNumber("weight_decay", initial, "Invalid weight_decay value", decay -> decay >= 0);
    }

    /** Declares {@code eps}, which is at least 0. */
    protected final void declareEps(double initial) {
        declareNumber("eps", initial, "Invalid epsilon value", eps -> eps >= 0);
    }

    /** Declares {@code betas}, two numbers from 0 up to, but not including, 1. */
    protected final void declareBetas(double beta1, double beta2) {
        OptionType[] types = {
            OptionType.number("Invalid beta parameter at index 0", beta -> beta >= 0 && beta < 1),
            OptionType.number("Invalid beta parameter at index 1", beta -> beta >= 0 && beta < 1)
        };
        declareTuple("betas", types, beta1, beta2);
    }

    /** Declares a number that may be absent, which is the default. */
    protected final void declareOptionalNumber(String name, String problem, DoublePredicate valid) {
        declare(name, OptionType.optional(OptionType.number(problem, valid)), null);
    }

    /** Declares a whole number. */
    protected final void declareInteger(String name, long initial, String problem, DoublePredicate valid) {
        declare(name, OptionType.integer(problem, valid), initial);
        required.add(name);
    }

    /** Declares a whole number that may be absent. */
    protected final void declareOptionalInteger(String name, @Nullable Long initial) {
        declare(name, OptionType.optional(OptionType.integer(name, value -> true)), initial);
    }

    /** Declares an option that is true or false. */
    protected final void declareFlag(String name, boolean initial) {
        declare(name, OptionType.flag(), initial);
    }

    /** Declares an option that is true, false or left to the optimizer, which is the default. */
    protected final void declareOptionalFlag(String name) {
        declare(name, OptionType.optional(OptionType.flag()), null);
    }

    /**
     * Declares a text that may be absent, which is the default.
     *
     * @param name the name in PyTorch
     * @param valid returns whether a text is allowed
     * @param problem returns the message for a text that is not allowed
     */
    protected final void declareOptionalText(String name, Predicate<String> valid, UnaryOperator<String> problem) {
        declare(name, OptionType.optional(OptionType.text(valid, problem)), null);
    }

    /**
     * Declares several numbers, which PyTorch keeps in a tuple.
     *
     * @param name the name in PyTorch
     * @param types the type of each
     * @param initial the defaults
     */
    protected final void declareTuple(String name, OptionType[] types, @Nullable Object... initial) {
        declare(name, OptionType.tuple(types), initial);
        required.add(name);
    }

    private void declare(String name, OptionType type, @Nullable Object initial) {
        if (types.putIfAbsent(name, type) != null) {
            throw new IllegalArgumentException("the option '" + name + "' is declared twice");
        }
        values.put(name, type.read(name, initial));
    }

    /**
     * Says that older files lack a number, a whole number or a tuple, which then gets its default. Options of other types may be
     * missing anyway, since PyTorch has added such options over time.
     */
    protected final void mayBeMissing(String name) {
        type(name);
        required.remove(name);
    }

    /**
     * Checks options that depend on each other. It is called when a group is created, and before a state is loaded. The
     * default allows everything.
     *
     * @throws IllegalArgumentException if the options do not fit together
     */
    protected void validate() {}

    // --- setting and reading -----------------------------------------------------------------------------------

    @Override
    public final S set(String name, @Nullable Object value) {
        values.put(name, type(name).read(name, value));
        return self();
    }

    @Override
    public final @Nullable Object get(String name) {
        type(name);
        return values.get(name);
    }

    /** Returns whether there is an option of this name. */
    public final boolean has(String name) {
        return types.containsKey(name);
    }

    /** Returns the names of the options that every saved state has. The set cannot be changed. */
    public final Set<String> required() {
        return Collections.unmodifiableSet(required);
    }

    /** Returns all options in the order of their declaration. The map cannot be changed. */
    public final Map<String, @Nullable Object> asMap() {
        return Collections.unmodifiableMap(values);
    }

    @Override
    public final double number(String name) {
        return OptionType.asNumber(name, get(name));
    }

    @Override
    public final double number(String name, int index) {
        return OptionType.asNumber(name, OptionType.asTuple(name, get(name)).get(index));
    }

    @Override
    public final boolean flag(String name) {
        return Boolean.TRUE.equals(get(name));
    }

    /** Returns the learning rate. */
    public final double lr() {
        return number("lr");
    }

    /**
     * Sets the learning rate.
     *
     * @throws IllegalArgumentException if it is negative or not a number
     */
    public final S lr(double lr) {
        return set("lr", lr);
    }

    /**
     * Sets the learning rate that a schedule computed. In contrast to {@link #lr(double)} it may be negative, as in PyTorch: a
     * linear schedule may end a little below 0.
     *
     * @throws IllegalArgumentException if it is not a number
     */
    public final S scheduledLr(double lr) {
        if (Double.isNaN(lr)) {
            throw new IllegalArgumentException("Invalid learning rate: nan");
        }
        values.put("lr", lr);
        return self();
    }

    private OptionType type(String name) {
        OptionType type = types.get(name);
        if (type == null) {
            throw new IllegalArgumentException(
                    "there is no option '" + name + "', but " + types.keySet() + suggestion(name));
        }
        return type;
    }

    private String suggestion(String name) {
        String question = Nearest.question(name, types.keySet());
        return question.isEmpty() ? "" : ": " + question;
    }

    // --- copying -----------------------------------------------------------------------------------------------

    /**
     * Sets all options to those of another group of the same optimizer.
     *
     * @param other the options to copy
     */
    public final void setAll(S other) {
        values.putAll(((OptimizerOptions<?>) other).values);
    }

    /**
     * Checks that the options fit together.
     *
     * @return this object
     * @throws IllegalArgumentException if they do not
     */
    public final S validated() {
        validate();
        return self();
    }
}
