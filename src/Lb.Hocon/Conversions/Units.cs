using System.Globalization;

namespace Lb.Hocon;

/// <summary>The specification's units format: a number, optional whitespace, an optional unit of letters.</summary>
internal static class Units
{
    /// <summary>Splits a value into number and unit; a bare number has an empty unit.</summary>
    public static bool TrySplit(HoconValue value, out decimal number, out string unit)
    {
        number = 0;
        unit = "";
        string? text = value switch
        {
            HoconNumber n => n.Text,
            HoconString s => s.Value.Trim(),
            _ => null,
        };
        if (text is null)
        {
            return false;
        }

        int end = text.Length;
        while (end > 0 && value is HoconString && char.IsLetter(text[end - 1]))
        {
            end--;
        }

        unit = text[end..];
        const NumberStyles Styles =
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent | NumberStyles.AllowTrailingWhite;
        return decimal.TryParse(text.AsSpan(0, end), Styles, CultureInfo.InvariantCulture, out number);
    }

    /// <summary>Multiplies without throwing; false on overflow.</summary>
    public static bool TryMultiply(decimal number, decimal factor, out decimal product)
    {
        try
        {
            product = number * factor;
            return true;
        }
        catch (OverflowException)
        {
            product = 0;
            return false;
        }
    }
}
