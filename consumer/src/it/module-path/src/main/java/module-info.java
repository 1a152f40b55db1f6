module app {
    requires org.jtorch.export;
    requires org.jtorch.optim;
    requires org.jtorch.serialize;

    // the fields of a module are its registry, read by reflection
    opens app to
            org.jtorch.nn;
}
