/** Optimizers, schedules and averaged models, with their state in PyTorch's format. */
module org.jtorch.optim {
    requires transitive org.jtorch.nn;
    requires transitive org.jtorch.serialize;

    exports org.jtorch.optim;
    exports org.jtorch.optim.lrscheduler;
    exports org.jtorch.optim.options;
    exports org.jtorch.optim.swa;

    opens org.jtorch.optim.swa to
            org.jtorch.nn;
}
