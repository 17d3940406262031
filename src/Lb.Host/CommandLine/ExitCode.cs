namespace Lb.Host.CommandLine;

/// <summary>How <c>lbd</c> ended.</summary>
internal enum ExitCode
{
    Ok = 0,

    /// <summary>The kernel, the host or the network refused something.</summary>
    Failed = 1,

    /// <summary>The configuration or the command line is wrong; nothing was done.</summary>
    Usage = 2,
}
