namespace Lb.ActorBench.Persistence;

/// <summary>Counts what many actors have done, until it is enough.</summary>
internal sealed class Counter
{
    private TaskCompletionSource _done = new();
    private int _left;

    public void Add()
    {
        if (Interlocked.Decrement(ref _left) == 0)
        {
            _done.SetResult();
        }
    }

    public void Fail(Exception cause) => _done.TrySetException(cause);

    /// <summary>Runs what leads to so many, and waits for the last.</summary>
    public void Await(int count, Action run)
    {
        _done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _left, count);
        run();
        _done.Task.GetAwaiter().GetResult();
    }
}
