package org.jtorch.distributed;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Layout;
import org.jtorch.RemovableHandle;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.internal.GraphLeaves;
import org.jtorch.nn.Module;
import org.jtorch.nn.Named;
import org.jtorch.nn.Parameter;

/**
 * Averages gradients over processes while a backward pass computes them. The gradients are grouped in buckets, from the last parameter to
 * the first, since the pass mostly reaches the last ones first; after the first step, in the order in which they arrived. As soon as all
 * gradients of a bucket are ready, and the bucket before it was started, its sum over the processes begins; the pass goes on meanwhile.
 * When all buckets were started, it waits for the sums.
 */
final class Reducer {

    /** The size in bytes of the first bucket, which is small so that the first sum begins early. */
    private static final long FIRST_BUCKET = 1 << 20;

    /** Where the gradient of a parameter is. */
    private record Place(int number, GradientBucket bucket, int index) {}

    private final ProcessGroup group;
    private final DistributedDataParallel.Options options;

    /** What is compared between the processes at the first sum of a step. */
    private final String name;

    private final List<Named<Parameter>> parameters;
    private final Map<Tensor, Place> places = new IdentityHashMap<>();
    private final List<RemovableHandle> hooks = new ArrayList<>();
    private final Link link;
    private final boolean[] ready;

    /** Which gradients this process has, and which any process has. */
    private boolean[] used;

    private boolean[] given;

    /** Whose gradients were computed without being averaged since the last step. */
    private final boolean[] accumulated;

    /** Parameters that do not require grad; they must stay so. */
    private final List<Named<Parameter>> frozen;

    private boolean hasLooked;

    private List<GradientBucket> buckets = List.of();

    /** The numbers of the parameters in the order in which their gradients arrived. */
    private final List<Integer> arrived = new ArrayList<>();

    /** How many steps all processes have finished. */
    private long finished;

    private boolean isOrdered;
    private boolean knowsUsed;
    private boolean begun;
    private int next;

    /** By how many processes gradients are divided, and one over that as a tensor. */
    private double divisor;

    private Tensor factor;

    /**
     * Creates it for parameters that require grad, and registers hooks with them.
     *
     * @throws IllegalArgumentException if a parameter cannot be averaged
     */
    Reducer(ProcessGroup group, Module<?, ?> module, DistributedDataParallel.Options options) {
        this.group = group;
        this.options = options;
        parameters = module.namedParameters().stream()
                .filter(each -> each.value().requiresGrad())
                .toList();
        frozen = module.namedParameters().stream()
                .filter(each -> !each.value().requiresGrad())
                .toList();
        if (parameters.isEmpty()) {
            throw new IllegalArgumentException(
                    "DistributedDataParallel is not needed when a module doesn't have any parameter that requires a gradient.");
        }
        name = "gradients of model " + group.nextModel();
        divisor = group.size();
        factor = inverse(divisor);
        ready = new boolean[parameters.size()];
        accumulated = new boolean[parameters.size()];
        used = new boolean[parameters.size()];
        Arrays.fill(used, true);
        given = used;
        List<Integer> order = new ArrayList<>();
        for (int i = parameters.size() - 1; i >= 0; i--) {
            order.add(i);
        }
        makeBuckets(order);
        Link link = new Link(this);
        this.link = link;
        parameters.forEach(each -> hooks.add(each.value().registerPostAccumulateGradHook(link::ready)));
    }

    /**
     * What the hooks of the parameters refer to. It keeps the reducer alive only while gradients are expected, so that a model that outlives
     * its wrapper does not keep the buckets.
     */
    private static final class Link {

        private final WeakReference<Reducer> reducer;
        private @Nullable Reducer expecting;

        Link(Reducer reducer) {
            this.reducer = new WeakReference<>(reducer);
        }

        void ready(Tensor parameter) {
            Reducer alive = reducer.get();
            if (alive != null) {
                alive.ready(parameter);
            }
        }
    }

    private void expect(boolean gradients) {
        link.expecting = gradients ? this : null;
    }

    private boolean isExpecting() {
        return link.expecting != null;
    }

    private static Tensor inverse(double number) {
        return Torch.tensor(1.0 / number, DType.FLOAT64).unscoped();
    }

    /** Puts the gradients into buckets, in this order. */
    private void makeBuckets(List<Integer> order) {
        List<GradientBucket> made = buckets(order);
        places.clear();
        Map<Tensor, Integer> numbers = new IdentityHashMap<>();
        for (int i = 0; i < parameters.size(); i++) {
            numbers.put(parameters.get(i).value(), i);
        }
        for (GradientBucket bucket : made) {
            for (int i = 0; i < bucket.parameters().size(); i++) {
                Parameter parameter = bucket.parameters().get(i);
                places.put(parameter, new Place(Objects.requireNonNull(numbers.get(parameter)), bucket, i));
            }
        }
        buckets = made;
    }

    private List<GradientBucket> buckets(List<Integer> order) {
        List<GradientBucket> made = new ArrayList<>();
        Map<DType, List<Parameter>> open = new EnumMap<>(DType.class);
        for (int number : order) {
            Parameter parameter = parameters.get(number).value();
            List<Parameter> together = open.computeIfAbsent(parameter.dtype(), dtype -> new ArrayList<>());
            together.add(parameter);
            long limit = made.isEmpty() ? Math.min(FIRST_BUCKET, options.bucketBytes()) : options.bucketBytes();
            if (together.stream().mapToLong(Parameter::nbytes).sum() >= limit) {
                made.add(new GradientBucket(List.copyOf(together)));
                together.clear();
            }
        }
        open.values().stream()
                .filter(rest -> !rest.isEmpty())
                .forEach(rest -> made.add(new GradientBucket(List.copyOf(rest))));
        return made;
    }

    /**
     * After the first step, puts the gradients into buckets anew, in the order in which they arrived in rank 0. All processes do so at the
     * same time.
     */
    private void orderAnew() {
        if (finished != 1 || isOrdered || options.findUnusedParameters()) {
            return;
        }
        Set<Integer> order = new LinkedHashSet<>(arrived);
        for (int i = parameters.size() - 1; i >= 0; i--) {
            order.add(i); // those without a gradient come last
        }
        try (GradMode mode = Autograd.noGrad();
                TensorScope scope = new TensorScope()) {
            Tensor first = Torch.tensor(order.stream().mapToLong(i -> i).toArray());
            group.broadcast(first, 0);
            List<Integer> chosen = new ArrayList<>();
            for (long number : first.toLongArray()) {
                chosen.add((int) number);
            }
            makeBuckets(chosen);
        }
        isOrdered = true;
    }

    /**
     * Prepares for the gradients of one backward pass.
     *
     * @param outputs what the model returned
     * @param divisor the number of processes that have gradients
     * @throws TorchException if gradients of the pass before are missing
     */
    void prepare(List<Tensor> outputs, double divisor) {
        checkFinished();
        checkFrozen();
        orderAnew();
        if (this.divisor != divisor) {
            this.divisor = divisor;
            factor = inverse(divisor);
        }
        arrived.clear();
        Arrays.fill(ready, false);
        buckets.forEach(GradientBucket::reset);
        next = 0;
        expect(true);
        begun = false;
        if (options.findUnusedParameters() || (options.staticGraph() && !hasLooked)) {
            used = GraphLeaves.reached(
                    outputs, parameters.stream().map(Named::value).toList());
            hasLooked = true;
        }
        if (IntStream.range(0, used.length).noneMatch(i -> used[i])) {
            begin(); // no gradient will arrive
            finish();
        }
    }

    /** Puts zeros, or what was there, in the place of gradients that will not arrive. Nothing is sent before the first one arrives. */
    private void begin() {
        begun = true;
        for (int i = 0; i < used.length; i++) {
            if (!used[i]) {
                put(parameters.get(i).value());
            }
        }
    }

    /** Makes the next backward pass compute gradients of this process only. */
    void skip() {
        checkFinished();
        expect(false);
    }

    private void checkFrozen() {
        for (Named<Parameter> each : frozen) {
            if (each.value().requiresGrad()) {
                throw new TorchException("the parameter " + each.name()
                        + " requires grad now, but did not when DistributedDataParallel was made, which therefore does not average its"
                        + " gradient: make a new DistributedDataParallel in all processes");
            }
        }
    }

    private boolean findsUnused() {
        return options.findUnusedParameters() || (options.staticGraph() && !knowsUsed);
    }

    private void checkFinished() {
        if (isExpecting() && begun) {
            expect(false);
            throw new TorchException(
                    "Expected to have finished reduction in the prior iteration before starting a new one. "
                            + (options.staticGraph()
                                    ? "The graph has changed since the first iteration, which staticGraph(true) does not allow"
                                    : "The module has parameters that were not used in producing the loss: set findUnusedParameters(true), and"
                                            + " let the loss depend on all outputs of forward")
                            + ". Parameters which did not receive grad for rank " + group.rank() + ": " + missing());
        }
    }

    /** Returns whether a backward pass has begun and was not finished. */
    boolean isUnfinished() {
        return isExpecting() && begun;
    }

    private String missing() {
        return IntStream.range(0, ready.length)
                .filter(i -> !ready[i])
                .mapToObj(i -> parameters.get(i).name())
                .collect(Collectors.joining(", "));
    }

    /** Called when a gradient was accumulated. */
    private void ready(Tensor parameter) {
        if (group.isClosed()) {
            hooks.forEach(RemovableHandle::remove);
            return;
        }
        if (!isExpecting()) {
            accumulated[Objects.requireNonNull(places.get(parameter)).number()] = true;
            return;
        }
        Place place = Objects.requireNonNull(places.get(parameter));
        String name = parameters.get(place.number()).name();
        if (ready[place.number()]) {
            throw new TorchException(secondTime(place.number()));
        }
        Tensor grad = parameter.grad();
        if (grad != null && grad.layout() != Layout.STRIDED) {
            throw new TorchException("the gradient of " + name
                    + " is sparse, which DistributedDataParallel does not average: make the layer with sparse(false)");
        }
        if (!begun) {
            begin();
        }
        arrived.add(place.number());
        put(parameter);
        if (next == buckets.size()) {
            finish();
        }
    }

    private String secondTime(int number) {
        String name = parameters.get(number).name();
        if (used[number]) {
            return "Expected to mark a variable ready only once: the gradient of " + name
                    + " arrived twice. Call backward once for each"
                    + " forward, and do not use checkpoints that differentiate within the backward pass; or accumulate gradients in noSync()";
        }
        return "the gradient of " + name + " arrived, although "
                + (options.staticGraph()
                        ? "the first step did not use it, and staticGraph(true) promises that all steps use the same parameters"
                        : "the outputs of forward do not depend on it: compute the loss from these outputs only");
    }

    /** Puts a gradient into its bucket, and starts the buckets that are complete, in their order. */
    private void put(Tensor parameter) {
        Place place = Objects.requireNonNull(places.get(parameter));
        try (GradMode mode = Autograd.noGrad();
                TensorScope scope = new TensorScope()) {
            place.bucket().put(place.index(), factor);
            if (options.gradientAsBucketView() && used[place.number()]) {
                place.bucket().lend(place.index()); // frees the memory of the gradient for the next one
            }
        }
        ready[place.number()] = true;
        while (next < buckets.size() && buckets.get(next).isComplete()) {
            buckets.get(next).start(group, next == 0 ? name : null);
            next++;
        }
    }

    private void finish() {
        expect(false);
        try (GradMode mode = Autograd.noGrad();
                TensorScope scope = new TensorScope()) {
            buckets.get(0).await(); // fails if another process does something else now
            if (findsUnused()) {
                given = usedAnywhere(contributing());
                knowsUsed = true;
            }
            buckets.forEach(GradientBucket::await);
            for (Place place : places.values()) {
                if (given[place.number()]) {
                    give(place);
                }
            }
        }
        Arrays.fill(accumulated, false);
        finished++;
    }

    /** Gives the averaged gradient to the parameter. */
    private void give(Place place) {
        Parameter parameter = place.bucket().parameters().get(place.index());
        Tensor average = place.bucket().view(place.index());
        Tensor grad = parameter.grad();
        if (options.gradientAsBucketView()) {
            place.bucket().lend(place.index());
        } else if (grad == null) {
            parameter.setGrad(average.clone());
        } else {
            grad.detach().copy_(average);
        }
    }

    /** Returns which parameters have a gradient in this process, from this pass or from passes that only added up. */
    private boolean[] contributing() {
        boolean[] contributing = used.clone();
        for (int i = 0; i < contributing.length; i++) {
            contributing[i] |= accumulated[i];
        }
        return contributing;
    }

    private boolean[] usedAnywhere(boolean[] here) {
        int[] counts = new int[here.length];
        for (int i = 0; i < here.length; i++) {
            counts[i] = here[i] ? 1 : 0;
        }
        Tensor sum = Torch.tensor(counts);
        group.allReduce(sum);
        int[] all = sum.toIntArray();
        boolean[] anywhere = new boolean[here.length];
        for (int i = 0; i < here.length; i++) {
            anywhere[i] = all[i] > 0;
        }
        return anywhere;
    }

    /** Takes part in the sums of a backward pass of the other processes, without gradients. */
    void shadow() {
        orderAnew();
        boolean finds = findsUnused();
        try (GradMode mode = Autograd.noGrad();
                TensorScope scope = new TensorScope()) {
            for (int i = 0; i < buckets.size(); i++) {
                buckets.get(i).reset();
                buckets.get(i).putNothing();
                buckets.get(i).start(group, i == 0 ? name : null);
            }
            if (finds) {
                given = usedAnywhere(new boolean[used.length]);
                knowsUsed = true;
            }
            buckets.forEach(GradientBucket::await);
        }
        finished++;
    }

    /** Returns the names of the parameters in the order in which their gradients are sent. */
    List<String> order() {
        return buckets.stream()
                .flatMap(bucket -> bucket.parameters().stream())
                .map(each -> parameters
                        .get(Objects.requireNonNull(places.get(each)).number())
                        .name())
                .toList();
    }
}
