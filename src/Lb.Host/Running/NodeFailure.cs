using Lb.Host.CommandLine;

namespace Lb.Host.Running;

/// <summary>The node cannot start or go on; the message is one sentence with its mend.</summary>
internal sealed class NodeFailure(string message, Exception? inner = null, ExitCode exitCode = ExitCode.Failed)
    : Exception(message, inner)
{
    /// <summary>How the process ends.</summary>
    public ExitCode ExitCode => exitCode;
}
