using System.Globalization;
using Lb.Hocon.Resolution;
using Lb.Hocon.Syntax;

namespace Lb.Hocon;

/// <summary>Conversions of scalars and arrays to what is asked for, by the specification's rules. None throws.</summary>
public static class HoconConversions
{
    /// <summary>A string; numbers as written and booleans become one.</summary>
    public static HoconResult<string> TryGetString(this HoconValue value) => value switch
    {
        HoconString s => new(s.Value),
        HoconNumber n => new(n.Text),
        HoconBoolean b => new(b.Value ? "true" : "false"),
        _ => Fail<string>(value, "a string", "write text, in quotes where needed"),
    };

    /// <summary>A boolean: true, yes, on, false, no or off.</summary>
    public static HoconResult<bool> TryGetBoolean(this HoconValue value) => value switch
    {
        HoconBoolean b => new(b.Value),
        HoconString { Value: "true" or "yes" or "on" } => new(true),
        HoconString { Value: "false" or "no" or "off" } => new(false),
        _ => Fail<bool>(value, "a boolean", "write true, yes, on, false, no or off"),
    };

    /// <summary>A 32-bit integer.</summary>
    public static HoconResult<int> TryGetInt32(this HoconValue value) =>
        TryInteger(value, int.MinValue, int.MaxValue).TryGet(out long integer, out HoconError? error)
            ? new((int)integer)
            : new(error);

    /// <summary>A 64-bit integer.</summary>
    public static HoconResult<long> TryGetInt64(this HoconValue value) => TryInteger(value, long.MinValue, long.MaxValue);

    /// <summary>A finite double.</summary>
    public static HoconResult<double> TryGetDouble(this HoconValue value) =>
        NumberText(value) is { } text
        && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
        && double.IsFinite(number)
            ? new(number)
            : Fail<double>(value, "a number", "write a number such as 1.5");

    /// <summary>An array; an object with numeric keys becomes one, in the order of the keys.</summary>
    public static HoconResult<HoconArray> TryGetArray(this HoconValue value)
    {
        if (value is HoconArray array)
        {
            return new(array);
        }

        List<HoconValue> elements = value is HoconObject o
            ? NumericKeys.Order(o.Fields.Select(f => KeyValuePair.Create(f.Key, f.Value)))
            : [];
        return elements.Count > 0
            ? new(new HoconArray(elements, value.Origin))
            : Fail<HoconArray>(value, "an array", "write the elements in square brackets");
    }

    /// <summary>An object.</summary>
    public static HoconResult<HoconObject> TryGetObject(this HoconValue value) =>
        value is HoconObject o ? new(o) : Fail<HoconObject>(value, "an object", "write the fields in braces");

    internal static HoconResult<T> Fail<T>(HoconValue value, string expected, string mend) =>
        new(new HoconError(value.Origin, value.Describe(), expected, mend));

    private static string? NumberText(HoconValue value) => value switch
    {
        HoconNumber n => n.Text,
        HoconString s when JsonText.IsNumber(s.Value) => s.Value,
        _ => null,
    };

    private static HoconResult<long> TryInteger(HoconValue value, long min, long max)
    {
        if (NumberText(value) is not { } text)
        {
            return Fail<long>(value, "an integer", "write a whole number");
        }

        // Exponents and zero fractions are whole numbers too: 1e3, 2.0.
        bool whole = decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number)
            && decimal.IsInteger(number);
        return whole && number >= min && number <= max
            ? new((long)number)
            : Fail<long>(value, $"an integer from {min} to {max}", "write a whole number in this range");
    }
}
