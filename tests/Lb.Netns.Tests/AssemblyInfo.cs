// Three at a time: most of a scenario is waiting for probes, timers and processes to start. What is counted in them is loss
// and order, never how fast the machine was; those that need it for themselves are in the collection Alone.
[assembly: CollectionBehavior(MaxParallelThreads = 3)]
