namespace Lb.Hocon;

/// <summary>A document cannot be parsed or resolved; carries every error found, in document order.</summary>
public sealed class HoconException : Exception
{
    /// <summary>Creates the exception from at least one error.</summary>
    public HoconException(IReadOnlyList<HoconError> errors)
        : base(string.Join('\n', errors.Select(e => e.Message)))
    {
        Errors = errors;
    }

    /// <summary>Creates the exception from one error.</summary>
    public HoconException(HoconError error)
        : this([error])
    {
    }

    /// <summary>All errors; the first is exact, later ones may follow from it.</summary>
    public IReadOnlyList<HoconError> Errors { get; }
}
