namespace Lb.Hocon;

/// <summary>A span of calendar time, whose length depends on when it starts.</summary>
/// <param name="Months">Months; a year is twelve.</param>
/// <param name="Days">Days; a week is seven.</param>
public readonly record struct HoconPeriod(int Months, int Days)
{
    /// <summary>Adds the period to a date.</summary>
    public DateOnly AddTo(DateOnly date) => date.AddMonths(Months).AddDays(Days);
}
