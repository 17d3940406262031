using System.Reflection;
using System.Runtime.CompilerServices;

namespace Akka.Subset.Surface.Tests;

/// <summary>
/// Prints what others can see of an assembly, one line for each type and member. An override is no member of its own:
/// it is printed only where it ends overriding.
/// </summary>
internal static class SurfacePrinter
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance
        | BindingFlags.Static | BindingFlags.DeclaredOnly;

    internal static IReadOnlyList<string> Print(Assembly assembly) =>
        [.. assembly.GetTypes().Where(IsVisible).SelectMany(PrintType).Order(StringComparer.Ordinal)];

    /// <summary>Whether another assembly can name the type: a protected one too, by inheriting.</summary>
    private static bool IsVisible(Type type) =>
        type.IsNested
            ? (type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamORAssem) && IsVisible(type.DeclaringType!)
            : type.IsPublic;

    private static bool IsVisible(MethodBase? method) =>
        method is { IsPublic: true } or { IsFamily: true } or { IsFamilyOrAssembly: true };

    private static IEnumerable<string> PrintType(Type type)
    {
        var name = TypeNames.Of(type);
        yield return $"{name} | {TypeLine(type)}";
        if (typeof(Delegate).IsAssignableFrom(type))
        {
            yield break;
        }

        foreach (var member in type.GetMembers(Declared))
        {
            if (PrintMember(member) is { } line)
            {
                yield return $"{name} | {line}";
            }
        }
    }

    private static string TypeLine(Type type)
    {
        if (type.IsEnum)
        {
            return $"enum : {TypeNames.Of(Enum.GetUnderlyingType(type))}";
        }

        if (typeof(Delegate).IsAssignableFrom(type))
        {
            var invoke = type.GetMethod("Invoke")!;
            return $"delegate {TypeNames.Of(invoke.ReturnType)} ({Parameters(invoke)})";
        }

        var kind = type switch
        {
            { IsInterface: true } => "interface",
            { IsValueType: true } => type.IsDefined(typeof(IsReadOnlyAttribute)) ? "readonly struct" : "struct",
            { IsAbstract: true, IsSealed: true } => "static class",
            { IsAbstract: true } => "abstract class",
            { IsSealed: true } => "sealed class",
            _ => "class",
        };
        return kind + Bases(type) + Constraints(type.GetGenericArguments());
    }

    private static string Bases(Type type)
    {
        List<string> bases =
            [.. type.GetInterfaces().Where(IsReachable).Select(TypeNames.Of).Order(StringComparer.Ordinal)];
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType))
        {
            bases.Insert(0, TypeNames.Of(parent));
        }

        return bases.Count == 0 ? "" : $" : {string.Join(", ", bases)}";
    }

    private static bool IsReachable(Type type) =>
        type.IsGenericParameter
        || (IsVisible(type.IsGenericType ? type.GetGenericTypeDefinition() : type)
            && type.GetGenericArguments().All(IsReachable));

    private static string? PrintMember(MemberInfo member) => member switch
    {
        ConstructorInfo { IsStatic: false } constructor when IsVisible(constructor) =>
            $"{Access(constructor)}.ctor({Parameters(constructor)})",
        MethodInfo method when IsVisible(method) && IsNamed(method) && !IsOverride(method) => Method(method),
        PropertyInfo property when IsVisible(property.GetMethod) || IsVisible(property.SetMethod) =>
            IsOverride(property.GetMethod ?? property.SetMethod!) ? null : Property(property),
        EventInfo { AddMethod: { } add } happening when IsVisible(add) =>
            $"{Access(add)}{Modifiers(add)}event {TypeNames.Of(happening.EventHandlerType!)} {happening.Name}",
        FieldInfo field when (field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly) && !field.IsSpecialName =>
            Field(field),
        _ => null,
    };

    private static bool IsNamed(MethodInfo method) =>
        !method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal);

    private static bool IsOverride(MethodInfo method) =>
        method.GetBaseDefinition() != method && method is { IsFinal: false, IsAbstract: false };

    private static string Method(MethodInfo method)
    {
        var generic = method.IsGenericMethod
            ? $"<{string.Join(", ", method.GetGenericArguments().Select(TypeNames.Of))}>"
            : "";
        var constraints = method.GetBaseDefinition() == method ? Constraints(method.GetGenericArguments()) : "";
        return $"{Access(method)}{Modifiers(method)}{TypeNames.Of(method.ReturnType)} {method.Name}{generic}"
            + $"({Parameters(method)}){constraints}";
    }

    private static string Property(PropertyInfo property)
    {
        var accessors = property.GetAccessors(nonPublic: true).Where(IsVisible).ToArray();
        var widest = Array.Find(accessors, accessor => accessor.IsPublic) ?? accessors[0];
        var index = property.GetIndexParameters().Length > 0 ? $"[{Parameters(property.GetMethod!)}]" : "";
        var list = "";
        if (IsVisible(property.GetMethod))
        {
            list += Accessor(property.GetMethod!, widest, "get");
        }

        if (IsVisible(property.SetMethod))
        {
            var modifiers = property.SetMethod!.ReturnParameter.GetRequiredCustomModifiers();
            list += Accessor(property.SetMethod, widest, modifiers.Contains(typeof(IsExternalInit)) ? "init" : "set");
        }

        return $"{Access(widest)}{Modifiers(widest)}{TypeNames.Of(property.PropertyType)} {property.Name}{index}"
            + $" {{{list} }}";
    }

    private static string Accessor(MethodInfo accessor, MethodInfo widest, string name) =>
        accessor.IsPublic == widest.IsPublic ? $" {name};" : $" protected {name};";

    private static string Field(FieldInfo field)
    {
        var access = field.IsPublic ? "" : "protected ";
        if (field.IsLiteral)
        {
            return $"{access}const {TypeNames.Of(field.FieldType)} {field.Name} = "
                + TypeNames.Literal(field.GetRawConstantValue(), field.FieldType);
        }

        return $"{access}{(field.IsStatic ? "static " : "")}{(field.IsInitOnly ? "readonly " : "")}"
            + $"{TypeNames.Of(field.FieldType)} {field.Name}";
    }

    private static string Access(MethodBase method) => method.IsPublic ? "" : "protected ";

    private static string Modifiers(MethodInfo method)
    {
        if (method.IsStatic)
        {
            return "static ";
        }

        if (!method.IsVirtual || method.DeclaringType!.IsInterface)
        {
            return "";
        }

        var overrides = method.GetBaseDefinition() != method;
        return method switch
        {
            { IsAbstract: true } => overrides ? "abstract override " : "abstract ",
            { IsFinal: true } => overrides ? "sealed override " : "",
            _ => "virtual ",
        };
    }

    private static string Parameters(MethodBase method)
    {
        var extends = method.IsDefined(typeof(ExtensionAttribute), inherit: false) ? "this " : "";
        return extends + string.Join(", ", method.GetParameters().Select(Parameter));
    }

    private static string Parameter(ParameterInfo parameter)
    {
        var kind = parameter switch
        {
            { IsOut: true } => "out ",
            { ParameterType.IsByRef: true, IsIn: true } => "in ",
            { ParameterType.IsByRef: true } => "ref ",
            _ => parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "",
        };
        var value = parameter.HasDefaultValue
            ? $" = {TypeNames.Literal(parameter.RawDefaultValue, parameter.ParameterType)}"
            : "";
        return $"{kind}{TypeNames.Of(parameter.ParameterType)} {parameter.Name}{value}";
    }

    private static string Constraints(Type[] parameters) => string.Concat(parameters.Select(Constraint));

    private static string Constraint(Type parameter)
    {
        if (!parameter.IsGenericParameter)
        {
            return "";
        }

        var flags = parameter.GenericParameterAttributes;
        var parts = new List<string>();
        if (flags.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint))
        {
            parts.Add("struct");
        }
        else
        {
            if (flags.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint))
            {
                parts.Add("class");
            }

            parts.AddRange(parameter.GetGenericParameterConstraints().Select(TypeNames.Of));
            if (flags.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint))
            {
                parts.Add("new()");
            }
        }

        return parts.Count == 0 ? "" : $" where {parameter.Name} : {string.Join(", ", parts)}";
    }
}
