// The words of form-js, which has no translation service: build.mjs hands the texts of its components to `word`.
const WORDS = {
  Input: "填写", Selection: "选择", Presentation: "只看", Containers: "分组", Action: "按钮", "Answer": "答复",
  Components: "字段", "Search components": "找字段", "Clear content": "清空", "No components found.": "没有找到。",
  "Drag and drop components here.": "把字段拖到这里。", "Build your form": "做一张表单",
  "Drag and drop components here to start designing.": "从左边把字段拖到这里。",
  "Use the preview window to test your form.": "下面可以预览。",
  "Select a form field to edit its properties.": "点一个字段，在这里改它的内容。",
  "Multiple form fields are selected. Select a single form field to edit its properties.": "选了几个字段。只选一个，才能改它的内容。",
  General: "基本", Serialization: "保存", Constraints: "限制", Validation: "检查", Appearance: "外观", Layout: "布局",
  Condition: "什么时候显示", "Custom properties": "其他设置", "Options source": "选项从哪里来", "Static options": "选项",
  "Dynamic options": "动态选项", "Options expression": "选项的表达式", "Security attributes": "安全",
  "Add properties directly to the form schema, useful to configure functionality in custom-built task applications and form renderers.": "表单里给程序看的设置，例如 codes（选项来自代码表）、example（例子）。",
  Required: "必填", "Minimum length": "最少几个字", "Maximum length": "最多几个字", "Custom regular expression": "写法（正则表达式）",
  "Custom error message": "不合写法时的提示", "The error message to display when the input does not match the regular expression.": "写法不对时给填的人看。",
  Minimum: "最小", Maximum: "最大", "Validation pattern": "写法", Custom: "自己定", Email: "电子邮件", Phone: "电话",
  ID: "编号", Key: "名字（程序用）", Path: "路径", Label: "标题", Value: "值", Type: "类型", Text: "文字", Name: "名称",
  "Binds to a form variable": "答案记在这个名字下，条件和操作用它。", "Field description": "说明（填之前看的）", "Default value": "默认值",
  Checked: "已勾", "Not checked": "未勾", "<none>": "没有", Disabled: "停用", "Read only": "只读",
  "Disable this field when it should not be interactive for end-users. Its data will not be submitted. This setting takes precedence over read-only.": "停用后不能填，也不提交。",
  "Make this field read-only when it cannot be edited by the end-user, but its content is important for them to see. Its data will still be submitted.": "只看不改，照样提交。",
  Auto: "自动", Columns: "占几列（共 16 列）", "Vertical alignment": "上下对齐", Top: "上", Center: "中", Bottom: "下",
  "Show outline": "画边框", "Date label": "日期的标题", "Time label": "时间的标题", Subtype: "日期还是时间", "Use 24h": "24 小时制",
  "Disallow past dates": "不能选过去", "Time interval": "间隔", "Time format": "时间格式", Searchable: "可以搜",
  "Decimal digits": "小数位数", Increment: "每次加减", Prefix: "前面的字", Suffix: "后面的字（例如 元 / 月）",
  "Output as string": "按文字保存", "Allows arbitrary precision values": "位数很多时用", Height: "高度",
  "Height of the container in pixels.": "像素。", "Define an expression to populate the options from.": "用表达式给出选项。",
  "Input values key": "选项的名字", "Define which input property to populate the values from": "从哪个名字取选项",
  "Learn more": "更多", Submit: "提交", Reset: "重填", Root: "表单", Date: "日期", Search: "搜索",
  Checkbox: "勾选", "Checkbox group": "多选", "Date time": "日期时间", Group: "分组", Number: "数字", "Radio group": "单选",
  Select: "下拉选择", Separator: "分隔线", Spacer: "空白", "Text view": "说明文字", "Text field": "单行文字", "Text area": "多行文字",
  Form: "表单", "Nothing to show.": "没有内容。", "No content to show.": "没有内容。",
};

const english = () => document.querySelector("[data-studio]")?.dataset.locale === "en";

export const word = (text) => (english() ? text : (WORDS[text] ?? text));
