namespace Akka.Actor;

/// <summary>A message that the actor's cell handles itself before the actor sees it.</summary>
public interface IAutoReceivedMessage;

/// <summary>A message that must not be accepted from an untrusted sender.</summary>
public interface IPossiblyHarmful;

/// <summary>A message that never leaves the process.</summary>
public interface INoSerializationVerificationNeeded;

/// <summary>A message that does not restart the receive timeout.</summary>
public interface INotInfluenceReceiveTimeout;

/// <summary>A message around another message.</summary>
public interface IWrappedMessage
{
    /// <summary>The message inside.</summary>
    object Message { get; }
}

/// <summary>Helpers for <see cref="IWrappedMessage"/>.</summary>
public static class WrappedMessage
{
    /// <summary>Returns the innermost message.</summary>
    public static object Unwrap(object message)
    {
        while (message is IWrappedMessage wrapped)
        {
            message = wrapped.Message;
        }

        return message;
    }
}
