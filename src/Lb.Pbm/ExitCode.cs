namespace Lb.Pbm;

/// <summary>How <c>pbm</c> ended.</summary>
internal enum ExitCode
{
    Done = 0,

    /// <summary>The command failed.</summary>
    Failed = 1,

    /// <summary>The command line is wrong; nothing was done.</summary>
    Usage = 2,

    /// <summary>The host does not answer.</summary>
    NoConnection = 3,

    /// <summary>The host understood and does not want to.</summary>
    Refused = 4,
}
