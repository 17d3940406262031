namespace Akka.Coordination;

/// <summary>Thrown when a lease cannot be taken or released for another reason than its owner.</summary>
public class LeaseException : Exception
{
    /// <summary>Creates the exception.</summary>
    public LeaseException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    public LeaseException(string message, Exception innerEx)
        : base(message, innerEx)
    {
    }
}

/// <summary>Thrown when nothing was heard in time of an attempt to take or release a lease.</summary>
public sealed class LeaseTimeoutException : LeaseException
{
    /// <summary>Creates the exception.</summary>
    public LeaseTimeoutException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    public LeaseTimeoutException(string message, Exception innerEx)
        : base(message, innerEx)
    {
    }
}
