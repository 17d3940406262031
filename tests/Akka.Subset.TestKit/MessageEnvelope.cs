using System.Diagnostics.CodeAnalysis;
using Akka.Actor;

namespace Akka.TestKit;

/// <summary>What a test actor got and from whom.</summary>
public abstract class MessageEnvelope
{
    /// <summary>The message; null when none was received.</summary>
    public abstract object? Message { get; }

    /// <summary>The sender; null when no message was received.</summary>
    public abstract IActorRef? Sender { get; }
}

/// <summary>A message that was received.</summary>
public class RealMessageEnvelope : MessageEnvelope
{
    /// <summary>Creates the envelope.</summary>
    public RealMessageEnvelope(object message, IActorRef? sender)
    {
        Message = message;
        Sender = sender;
    }

    /// <inheritdoc/>
    public override object Message { get; }

    /// <inheritdoc/>
    public override IActorRef? Sender { get; }

    /// <inheritdoc/>
    public override string ToString() => $"<{Message}> from {Sender}";
}

/// <summary>Stands for no message.</summary>
public sealed class NullMessageEnvelope : MessageEnvelope
{
    /// <summary>The only instance.</summary>
    [SuppressMessage("Usage", "CA2211", Justification = "The field is Akka.NET's API.")]
    public static NullMessageEnvelope Instance = new();

    private NullMessageEnvelope()
    {
    }

    /// <inheritdoc/>
    public override object? Message => null;

    /// <inheritdoc/>
    public override IActorRef? Sender => ActorRefs.NoSender;

    /// <inheritdoc/>
    public override string ToString() => "<no message>";
}
