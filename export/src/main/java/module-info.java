/** Exported programs: what {@code torch.export} writes is read, run, trained and written. */
module org.jtorch.export {
    requires transitive org.jtorch.nn;
    requires transitive org.jtorch.serialize;
    requires com.fasterxml.jackson.core;

    exports org.jtorch.export;
    exports org.jtorch.export.graph;

    // records of this package are written as JSON
    opens org.jtorch.export.internal.pt2 to
            org.jtorch.nn;
}
