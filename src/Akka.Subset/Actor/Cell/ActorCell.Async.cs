using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>Asynchronous handlers: the mailbox waits, and what follows an await runs inside the actor.</summary>
internal sealed partial class ActorCell
{
    private bool _awaiting;

    internal bool IsAwaiting => _awaiting;

    /// <summary>Runs a handler and, when its task has not ended yet, suspends the mailbox until it has.</summary>
    internal void RunAsync<T>(Func<T, Task> handler, T message)
    {
        var outer = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(AsyncContext);
        Task? task;
        try
        {
            task = handler(message);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
        }

        if (task is null || task.IsCompletedSuccessfully)
        {
            return;
        }

        if (task.IsCompleted)
        {
            task.GetAwaiter().GetResult();
            return;
        }

        if (_awaiting)
        {
            throw new InvalidOperationException("The actor already awaits a task: it can await one at a time");
        }

        _awaiting = true;
        task.ConfigureAwait(false).GetAwaiter()
            .UnsafeOnCompleted(() => SendSystemMessage(new TaskEnded(task)));
    }

    private ActorSynchronizationContext AsyncContext =>
        Extras.AsyncContext ??= new ActorSynchronizationContext(this);

    private void RunContinuation(Continuation continuation)
    {
        var outer = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(AsyncContext);
        try
        {
            continuation.Run();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
        }
    }

    private void EndAwait(Task task)
    {
        _awaiting = false;
        _actor?.AfterAsyncHandler(failed: !task.IsCompletedSuccessfully);
        task.GetAwaiter().GetResult();
        if (!_failed)
        {
            AfterMessage();
        }
    }
}

/// <summary>Brings the continuations of an actor's tasks back into its turns.</summary>
internal sealed class ActorSynchronizationContext(ActorCell cell) : SynchronizationContext
{
    public override void Post(SendOrPostCallback d, object? state) =>
        cell.SendSystemMessage(new Continuation(d, state));

    public override void Send(SendOrPostCallback d, object? state)
    {
        if (!ReferenceEquals(ActorCell.Current, cell))
        {
            throw new NotSupportedException("An actor never runs code while its caller waits");
        }

        d(state);
    }

    public override SynchronizationContext CreateCopy() => this;
}
