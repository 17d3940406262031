using System.Diagnostics.CodeAnalysis;

namespace Akka.Dispatch
{
    /// <summary>What a message queue can do beyond the ordinary.</summary>
    [SuppressMessage("Design", "CA1040", Justification = "It is a marker in Akka.NET.")]
    public interface ISemantics;

    /// <summary>Marks an actor whose mailbox must have a queue of some kind.</summary>
    /// <typeparam name="T">What the queue must be able to do.</typeparam>
    [SuppressMessage("Design", "CA1040", Justification = "It is a marker in Akka.NET.")]
    public interface IRequiresMessageQueue<T>
        where T : ISemantics;
}

namespace Akka.Event
{
    /// <summary>The queue of a logger.</summary>
    [SuppressMessage("Design", "CA1040", Justification = "It is a marker in Akka.NET.")]
    public interface ILoggerMessageQueueSemantics : Dispatch.ISemantics;
}
