// Each scenario has the machine for itself: figures of time and loss mean something only then.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
