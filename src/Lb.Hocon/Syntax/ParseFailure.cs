namespace Lb.Hocon.Syntax;

/// <summary>Leaves the rule that failed; the nearest list of fields or elements reports it and goes on behind it.</summary>
internal sealed class ParseFailure(HoconError error, bool fatal = false) : Exception(error.Message)
{
    public HoconError Error { get; } = error;

    /// <summary>Nothing behind the failure can be read: the source ended, or a limit was met.</summary>
    public bool Fatal { get; } = fatal;
}

/// <summary>Ends the whole parse: as many errors as wanted have been collected.</summary>
internal sealed class ParseAborted : Exception;
