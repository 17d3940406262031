namespace Lb.Host.Running;

/// <summary>The node cannot start; the message is one sentence with its mend.</summary>
internal sealed class StartFailure(string message, Exception? inner = null) : Exception(message, inner);
