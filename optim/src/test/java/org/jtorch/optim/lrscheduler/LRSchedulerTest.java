package org.jtorch.optim.lrscheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jtorch.Torch;
import org.jtorch.optim.Optimizer;
import org.jtorch.optim.SGD;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Schedules of one's own, arguments, groups, and the ways in which a step fails. */
class LRSchedulerTest {

    private final SGD optimizer = RecordedSchedules.sgd();

    private List<Double> lrs() {
        return List.of(RecordedSchedules.lr(optimizer, 0), RecordedSchedules.lr(optimizer, 1));
    }

    private static void refused(String message, Executable body) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, body).getMessage());
    }

    private static void fails(String message, Executable body) {
        assertEquals(message, assertThrows(IllegalStateException.class, body).getMessage());
    }

    // --- one's own ---------------------------------------------------------------------------------------------

    private static final class InverseRoot extends LRScheduler {
        private double warmup;

        InverseRoot(Optimizer<?> optimizer, double warmup) {
            super(optimizer);
            this.warmup = warmup;
            start();
        }

        @Override
        protected double[] getLr() {
            double factor = 1 / Math.sqrt(1 + lastEpoch() / warmup);
            return Arrays.stream(baseLrs()).map(lr -> lr * factor).toArray();
        }

        @Override
        protected void declareState(SchedulerState state) {
            state.number("warmup", () -> warmup, value -> warmup = value);
        }
    }

    @Test
    void aScheduleOfOnesOwn() {
        InverseRoot scheduler = new InverseRoot(optimizer, 1);
        scheduler.step();
        scheduler.step();
        scheduler.step();
        assertEquals(List.of(0.05, 0.01), scheduler.getLastLr());
        assertEquals(lrs(), scheduler.getLastLr());
        SGD other = RecordedSchedules.sgd();
        InverseRoot next = new InverseRoot(other, 100);
        other.loadStateDict(optimizer.stateDict());
        next.loadStateDict(scheduler.stateDict());
        assertEquals(3, next.lastEpoch());
        next.step();
        assertEquals(0.1 / Math.sqrt(5), RecordedSchedules.lr(other, 0), 1e-15);
    }

    @Test
    void aScheduleThatWasNotStartedSaysSo() {
        LRScheduler scheduler = new LRScheduler(optimizer) {
            @Override
            protected double[] getLr() {
                return lrs();
            }
        };
        String message =
                scheduler.getClass().getName() + " was not started: its constructor must call start() at its end";
        fails(message, scheduler::step);
        fails(message, scheduler::getLastLr);
        fails(message, scheduler::stateDict);
    }

    // --- failures ----------------------------------------------------------------------------------------------

    @Test
    void aStepThatFailsChangesNothing() {
        MultiplicativeLR scheduler = new MultiplicativeLR(
                optimizer,
                List.of(epoch -> 0.5, epoch -> epoch == 2 ? Double.NaN : epoch == 3 ? 1 / (int) (epoch - 3) : 1));
        scheduler.step();
        Map<String, ?> before = scheduler.stateDict();
        List<Double> lrs = lrs();
        fails(
                "MultiplicativeLR computed a learning rate that is not a number, for group 1 in epoch 2: check its"
                        + " arguments",
                scheduler::step);
        assertEquals(before, scheduler.stateDict());
        assertEquals(lrs, lrs());
    }

    @Test
    void aScheduleThatCannotBeCreatedChangesNothing() {
        assertThrows(ArithmeticException.class, () -> new LambdaLR(optimizer, epoch -> 1 / (int) epoch));
        refused(
                "the first phase of OneCycleLR has no length, since total_steps (2) times pct_start (0.5) is 1: make one of"
                        + " them greater",
                () -> new OneCycleLR(
                        optimizer, 1, o -> o.totalSteps(2).pctStart(0.5).cycleMomentum(false)));
        refused(
                "the first phase of OneCycleLR has no length, since total_steps (10) times pct_start (0.1) is 1: make one of"
                        + " them greater",
                () -> new OneCycleLR(
                        optimizer, 1, o -> o.totalSteps(10).pctStart(0.1).threePhase(true)));
        assertEquals(List.of(0.1, 0.02), lrs());
        assertEquals(0.8, RecordedSchedules.momentum(optimizer, 0));
        assertEquals(Map.of(), optimizer.groups().get(0).extras());
    }

    @Test
    void aChainThatFailsChangesNothing() {
        ChainedScheduler chain = new ChainedScheduler(List.of(
                new ExponentialLR(optimizer, 0.5), new LambdaLR(optimizer, epoch -> epoch == 2 ? Double.NaN : 1)));
        chain.step();
        Map<String, ?> before = chain.stateDict();
        List<Double> lrs = lrs();
        assertThrows(IllegalStateException.class, chain::step);
        assertEquals(before, chain.stateDict());
        assertEquals(lrs, lrs());
    }

    @Test
    void aSequenceThatCannotBeCreatedChangesNothing() {
        boolean[] broken = {false};
        LambdaLR lambda = new LambdaLR(optimizer, epoch -> broken[0] ? Double.NaN : 0.5);
        ExponentialLR exponential = new ExponentialLR(optimizer, 0.9);
        Map<String, ?> before = lambda.stateDict();
        broken[0] = true;
        assertThrows(
                IllegalStateException.class,
                () -> new SequentialLR(optimizer, List.of(lambda, exponential), List.of(3)));
        assertEquals(before, lambda.stateDict());
        assertEquals(0, exponential.lastEpoch());
        assertEquals(List.of(0.05, 0.01), lrs());
    }

    @Test
    void oneCycleEnds() {
        OneCycleLR scheduler =
                new OneCycleLR(optimizer, 0.1, o -> o.totalSteps(20).annealStrategy(AnnealStrategy.LINEAR));
        for (int i = 0; i < 20; i++) {
            scheduler.step();
        }
        assertTrue(RecordedSchedules.lr(optimizer, 0) < 0); // as in PyTorch: one step further on the line
        SGD other = RecordedSchedules.sgd();
        other.loadStateDict(optimizer.stateDict());
        assertEquals(RecordedSchedules.lr(optimizer, 0), RecordedSchedules.lr(other, 0));
        fails("Tried to step 21 times. The specified number of total steps is 20", scheduler::step);
        assertEquals(20, scheduler.lastEpoch());
    }

    // --- groups ------------------------------------------------------------------------------------------------

    @Test
    void aGroupMayBeAddedToAChainableSchedule() {
        StepLR scheduler = new StepLR(optimizer, 2, o -> o.gamma(0.5));
        optimizer.addParamGroup(RecordedSchedules.parameters(4), o -> o.lr(8));
        scheduler.step();
        scheduler.step();
        assertEquals(List.of(0.05, 0.01, 4.0), scheduler.getLastLr());
        scheduler.loadStateDict(scheduler.stateDict());
    }

    @Test
    void aGroupThatWasAddedIsNamedByTheOthers() {
        LambdaLR lambda = new LambdaLR(optimizer, epoch -> 1);
        CosineAnnealingWarmRestarts restarts = new CosineAnnealingWarmRestarts(optimizer, 3);
        OneCycleLR cycle = new OneCycleLR(optimizer, 0.1, o -> o.totalSteps(10));
        ReduceLROnPlateau plateau =
                new ReduceLROnPlateau(optimizer, o -> o.patience(0).minLr(List.of(0.0, 0.0)));
        ReduceLROnPlateau whole =
                new ReduceLROnPlateau(optimizer, o -> o.patience(0).minLr(7));
        optimizer.addParamGroup(RecordedSchedules.parameters(4), o -> o.lr(8));
        String remedy = ": create a new schedule if a group was added";
        assertTrue(assertThrows(IllegalStateException.class, lambda::step)
                .getMessage()
                .endsWith(remedy));
        fails(
                "CosineAnnealingWarmRestarts computed 2 learning rates, but the optimizer has 3 groups" + remedy,
                restarts::step);
        assertEquals(0, restarts.lastEpoch());
        fails("a group of the optimizer has no 'max_momentum'" + remedy, cycle::step);
        plateau.step(1.0);
        String message = assertThrows(IllegalStateException.class, () -> plateau.step(1.0))
                .getMessage();
        assertTrue(message.startsWith("The number of param groups in the `optimizer` (3) differs from when"), message);
        assertEquals(1, plateau.lastEpoch());
        whole.step(1.0);
        whole.step(1.0);
        assertEquals(7.0, RecordedSchedules.lr(optimizer, 2));
    }

    @Test
    void lastEpochContinuesASchedule() {
        StepLR scheduler = new StepLR(optimizer, 2, o -> o.gamma(0.5));
        scheduler.step();
        SGD other = RecordedSchedules.sgd();
        String message = assertThrows(IllegalArgumentException.class, () -> new StepLR(other, 2, o -> o.lastEpoch(1)))
                .getMessage();
        assertTrue(
                message.startsWith(
                        "param 'initial_lr' is not specified in param_groups[0] when resuming scheduler with"),
                message);
        other.loadStateDict(optimizer.stateDict());
        StepLR next = new StepLR(other, 2, o -> o.gamma(0.5).lastEpoch(1));
        assertEquals(2, next.lastEpoch());
        assertEquals(List.of(0.05, 0.01), next.getLastLr());
        refused(
                "last_epoch is -2, but must be -1 for a new schedule, or the last epoch to continue",
                () -> new StepLR(other, 2, o -> o.lastEpoch(-2)));
    }

    // --- arguments ---------------------------------------------------------------------------------------------

    @Test
    void badArgumentsAreRefused() {
        refused("Expected positive integer step_size, but got 0", () -> new StepLR(optimizer, 0));
        refused("Expected positive integer T_max, but got -1", () -> new CosineAnnealingLR(optimizer, -1));
        refused("Expected positive integer T_0, but got 0", () -> new CosineAnnealingWarmRestarts(optimizer, 0));
        refused(
                "Expected integer T_mult >= 1, but got 0",
                () -> new CosineAnnealingWarmRestarts(optimizer, 1, o -> o.tMult(0)));
        refused(
                "Constant multiplicative factor expected to be between 0 and 1.",
                () -> new ConstantLR(optimizer, o -> o.factor(1.1)));
        refused(
                "Starting multiplicative factor expected to be greater than 0 and less or equal to 1.",
                () -> new LinearLR(optimizer, o -> o.startFactor(0)));
        refused(
                "Ending multiplicative factor expected to be between 0 and 1.",
                () -> new LinearLR(optimizer, o -> o.endFactor(Double.NaN)));
        refused("Expected 2 lr_lambdas, but got 1", () -> new LambdaLR(optimizer, List.of(epoch -> 1)));
        refused(
                "max_lr must have the same length as optimizer.param_groups. max_lr has 3 values, param_groups has 2.",
                () -> new CyclicLR(optimizer, List.of(1.0, 2.0), List.of(1.0, 2.0, 3.0)));
        refused(
                "You must define either total_steps OR (epochs AND steps_per_epoch)",
                () -> new OneCycleLR(optimizer, 1, o -> o.epochs(3)));
        refused(
                "Expected positive integer total_steps, but got 0",
                () -> new OneCycleLR(optimizer, 1, o -> o.totalSteps(0)));
        refused(
                "Expected float between 0 and 1 pct_start, but got 1.5",
                () -> new OneCycleLR(optimizer, 1, o -> o.totalSteps(9).pctStart(1.5)));
        refused(
                "anneal_epochs must be equal or greater than 0, got -1",
                () -> new SWALR(optimizer, 1, o -> o.annealEpochs(-1)));
        refused("Factor should be < 1.0.", () -> new ReduceLROnPlateau(optimizer, o -> o.factor(1)));
        refused("expected 2 min_lrs, got 1", () -> new ReduceLROnPlateau(optimizer, o -> o.minLr(List.of(0.0))));
        String momentum = "optimizer must support momentum or beta1 with `cycle_momentum` option enabled";
        Optimizer<?> plain = RecordedSchedules.optimizer("plain");
        refused(momentum, () -> new CyclicLR(plain, 0.1, 0.2));
        refused(momentum, () -> new OneCycleLR(plain, 0.1, o -> o.totalSteps(9)));
        assertEquals(List.of(0.1, 0.02), lrs());
    }

    @Test
    @SuppressWarnings("deprecation")
    void badEpochsAreRefused() {
        refused("Expected non-negative epoch, but got -1", () -> new StepLR(optimizer, 1).step(-1));
        refused("Expected non-negative epoch, but got -0.5", () -> new CosineAnnealingWarmRestarts(optimizer, 1)
                .step(-0.5));
        ChainedScheduler chain = new ChainedScheduler(List.of(new ConstantLR(optimizer)));
        assertThrows(UnsupportedOperationException.class, () -> chain.step(3));
    }

    @Test
    void schedulesThatDoNotFitTogetherAreRefused() {
        ConstantLR constant = new ConstantLR(optimizer);
        refused(
                "SequentialLR expects at least one scheduler, but got no scheduler.",
                () -> new SequentialLR(optimizer, List.of(), List.of()));
        refused(
                "ChainedScheduler expects at least one scheduler to be chained, but got no scheduler.",
                () -> new ChainedScheduler(List.of()));
        refused(
                "Sequential Schedulers expects number of schedulers provided to be one more than the number of milestone"
                        + " points, but got number of schedulers 1 and the number of milestones to be equal to 2",
                () -> new SequentialLR(optimizer, List.of(constant), List.of(1, 2)));
        refused(
                "the milestones must be in rising order, but are [5, 3]",
                () -> new SequentialLR(optimizer, List.of(constant, constant, constant), List.of(5, 3)));
        refused(
                "ChainedScheduler does not support `ReduceLROnPlateau` scheduler as it requires additional kwargs to be"
                        + " specified when calling `step`, but got one at index 1 in the given schedulers sequence.",
                () -> new ChainedScheduler(List.of(constant, new ReduceLROnPlateau(optimizer))));
        SGD other = RecordedSchedules.sgd();
        ConstantLR others = new ConstantLR(other);
        refused(
                "SequentialLR expects all schedulers to belong to the same optimizer, but got scheduler ConstantLR at"
                        + " index 1 has " + other + ", which is different from SGD.",
                () -> new SequentialLR(optimizer, List.of(constant, others), List.of(1)));
        refused(
                "SequentialLR cannot begin a ChainedScheduler at a milestone, but got one at index 1: put its schedules"
                        + " into this one",
                () -> new SequentialLR(
                        optimizer, List.of(constant, new ChainedScheduler(List.of(constant))), List.of(1)));
    }

    // --- plateaus ----------------------------------------------------------------------------------------------

    @Test
    void aPlateauNeedsAMetric() {
        ReduceLROnPlateau plateau =
                new ReduceLROnPlateau(optimizer, o -> o.patience(1).factor(0.5));
        assertThrows(UnsupportedOperationException.class, plateau::step);
        plateau.step(1);
        plateau.step(Torch.tensor(2.0));
        assertEquals(1, plateau.numBadEpochs());
        plateau.step(Double.NaN);
        assertEquals(List.of(0.05, 0.01), plateau.getLastLr());
        assertEquals(1.0, plateau.best());
        assertEquals(3, plateau.lastEpoch());
    }

    @Test
    void aPlateauWaitsAfterAReduction() {
        ReduceLROnPlateau plateau = new ReduceLROnPlateau(
                optimizer, o -> o.patience(0).factor(0.5).cooldown(2).mode(ReduceLROnPlateau.Mode.MAX));
        plateau.step(1.0);
        plateau.step(1.0);
        assertTrue(plateau.inCooldown());
        plateau.step(1.0);
        plateau.step(1.0);
        assertFalse(plateau.inCooldown());
        assertEquals(0.05, RecordedSchedules.lr(optimizer, 0));
        plateau.step(1.0);
        assertEquals(0.025, RecordedSchedules.lr(optimizer, 0));
    }

    // --- memory ------------------------------------------------------------------------------------------------

    @Test
    void anOptimizerAndItsSchedulesAreCollected() throws InterruptedException {
        SGD kept = RecordedSchedules.sgd();
        WeakReference<LRScheduler> scheduler = new WeakReference<>(new StepLR(kept, 3));
        WeakReference<Optimizer<?>> lost = lost();
        for (int i = 0; i < 50 && (scheduler.get() != null || lost.get() != null); i++) {
            System.gc();
            Thread.sleep(20);
        }
        assertNull(scheduler.get(), "the optimizer holds the schedule");
        assertNull(lost.get(), "something holds the optimizer");
        kept.step();
    }

    private static WeakReference<Optimizer<?>> lost() {
        SGD optimizer = new SGD(RecordedSchedules.parameters(1));
        new StepLR(optimizer, 3).step();
        return new WeakReference<>(optimizer);
    }
}
