using System.Diagnostics.CodeAnalysis;

namespace Akka.Actor;

/// <summary>The outcome of a request, as a message.</summary>
[SuppressMessage("Design", "CA1051", Justification = "The fields are Akka.NET's API.")]
public abstract class Status
{
    /// <summary>Creates the outcome.</summary>
    protected Status()
    {
    }

    /// <summary>The request was fulfilled.</summary>
    public sealed class Success : Status
    {
        /// <summary>The value that goes with the success.</summary>
        [SuppressMessage("Naming", "CA1721", Justification = "The name is Akka.NET's API.")]
        public readonly object? Status;

        /// <summary>A success without a value.</summary>
        public static readonly Success Instance = new(null);

        /// <summary>Creates a success with a value.</summary>
        public Success(object? status)
        {
            Status = status;
        }

        /// <inheritdoc/>
        public override string ToString() => $"Success: {Status}";
    }

    /// <summary>The request failed; an ask that gets this throws its cause.</summary>
    public sealed class Failure : Status
    {
        /// <summary>Why it failed.</summary>
        public readonly Exception Cause;

        /// <summary>What else the sender wants to say of it.</summary>
        public readonly object? State;

        /// <summary>Creates a failure.</summary>
        public Failure(Exception cause)
        {
            Cause = cause;
        }

        /// <summary>Creates a failure with a state.</summary>
        public Failure(Exception cause, object? state)
        {
            Cause = cause;
            State = state;
        }

        /// <inheritdoc/>
        public override string ToString() => State is null ? $"Failure: {Cause}" : $"Failure({State}): {Cause}";
    }
}
