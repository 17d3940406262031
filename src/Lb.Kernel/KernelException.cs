namespace Lb.Kernel;

/// <summary>The kernel or libbpf refused a call, or what is in the kernel is not what Lb can work with.</summary>
public sealed class KernelException : Exception
{
    /// <summary>Makes the exception for a failed call.</summary>
    /// <param name="call">The call and what it was about, as in <c>bpf_map_create(lb_flows4)</c>.</param>
    /// <param name="errno">Positive errno.</param>
    /// <param name="errnoName">Its name, as in <c>EPERM</c>.</param>
    /// <param name="mend">What the operator can do; null when there is nothing general to say.</param>
    /// <param name="verifierLog">The verifier's log; null when it was not involved.</param>
    public KernelException(string call, int errno, string errnoName, string? mend = null, string? verifierLog = null)
        : base(Describe(call, errnoName, mend, verifierLog))
    {
        Call = call;
        Errno = errno;
        ErrnoName = errnoName;
        Mend = mend;
        VerifierLog = verifierLog;
    }

    /// <summary>Makes the exception for something that is not as it has to be, without a call that failed.</summary>
    /// <param name="problem">What is wrong: one sentence.</param>
    /// <param name="mend">What the operator can do: one sentence.</param>
    public KernelException(string problem, string mend)
        : base($"{problem} {mend}")
    {
        Call = "";
        ErrnoName = "";
        Mend = mend;
    }

    /// <summary>The call that failed; empty when none did.</summary>
    public string Call { get; }

    /// <summary>Positive errno; 0 when no call failed.</summary>
    public int Errno { get; }

    /// <summary>Name of the errno; empty when no call failed.</summary>
    public string ErrnoName { get; }

    /// <summary>What the operator can do.</summary>
    public string? Mend { get; }

    /// <summary>The verifier's log.</summary>
    public string? VerifierLog { get; }

    private static string Describe(string call, string errnoName, string? mend, string? verifierLog)
    {
        string text = $"{call} failed with {errnoName}.";
        if (mend is not null)
        {
            text += " " + mend;
        }

        return verifierLog is null ? text : text + Environment.NewLine + verifierLog;
    }
}
