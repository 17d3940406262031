namespace Lb.Host.FlowLog;

/// <summary>Where the flow log is written to.</summary>
/// <param name="Path">An absolute path, or <see cref="FlowLogFile.StandardOutput"/>.</param>
internal sealed record FlowLogTarget(string Path);
